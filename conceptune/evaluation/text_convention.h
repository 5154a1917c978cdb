// How a benchmark's texts are given to a model and pooled. Scores move more with this than with training, so
// every result records it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/options/option_fields.h"
#include "conceptune/runtime/generation/text_embedding.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"

namespace conceptune::evaluation {

/// The defaults suit byte-level vocabularies, where a word within text begins with a space, and models that
/// attend to their first token whatever it is, which therefore should be no word of the text.
struct TextConvention {
  bool leading_space = true;
  std::string begin_token = "auto";
  bool pool_begin = false;
  generation::Pooling pooling = generation::Pooling::mean;
  int layer = -1;
  std::string text_template = "{}";

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("leading_space", leading_space, "Put a space before the text");
    visit("begin_token", begin_token,
          "Token before the text: none; own (the one the tokenizer adds itself, if any); auto (own, else "
          "<|endoftext|> where the vocabulary has it, else none); or a token id");
    visit("pool_begin", pool_begin, "Pool the begin token's position too");
    visit("pooling", pooling, "Hidden states that make a text's vector");
    visit("layer", layer, "Layer whose output is taken: 0 for the embeddings, -1 for the last", at_least(-1));
    visit("text_template", text_template, "What the model reads, with {} for the text");
  }
};

/// The paper's convention (section 4.1): the bare text after what the tokenizer itself adds, the mean over
/// all positions.
TextConvention paper_convention();

/// A convention with the name it has in results.
struct ChosenConvention {
  std::string name;
  TextConvention convention;
};

/// "paper" where it is asked for or chosen, and the chosen one: "in-text" for the default, else "custom".
std::vector<ChosenConvention> conventions_of(const TextConvention& chosen, bool with_papers);

/// The id that a begin_token rule means for a tokenizer; nothing for no token. Throws InputError for a rule
/// that is no known word and no id of the vocabulary.
std::optional<tokenizer::TokenId> begin_token_of(std::string_view rule,
                                                 const tokenizer::Tokenizer& tokenizer);

/// A convention made ready for one tokenizer.
class TextEncoder {
 public:
  /// Throws InputError as begin_token_of() does, and for a template without exactly one "{}".
  TextEncoder(TextConvention convention, const tokenizer::Tokenizer& tokenizer);

  /// The ids that the model reads for a text, begin token included.
  std::vector<tokenizer::TokenId> encode(std::string_view text) const;
  /// How many of the ids in front are run but not pooled.
  int unpooled_tokens() const { return begin_ && !convention_.pool_begin ? 1 : 0; }
  const TextConvention& convention() const { return convention_; }
  /// Every field, with begin_token as its id or null: what results record.
  Json record() const;

 private:
  TextConvention convention_;
  const tokenizer::Tokenizer& tokenizer_;
  std::optional<tokenizer::TokenId> begin_;
  std::string before_;
  std::string after_;
};

}  // namespace conceptune::evaluation
