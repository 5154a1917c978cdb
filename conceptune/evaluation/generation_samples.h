// What models write after the same beginnings, to be read side by side.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "conceptune/base/progress.h"
#include "conceptune/evaluation/prepared_passages.h"
#include "conceptune/options/option_fields.h"
#include "conceptune/runtime/model/decoder.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"

namespace conceptune::evaluation {

struct GenerationOptions {
  int passages = 3;
  std::vector<std::string> prompts;
  int prompt_tokens = 24;
  int new_tokens = 40;
  double repetition_penalty = 1.1;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("passages", passages,
          "Held-out passages of each set whose beginnings are continued, the first ones", at_least(0));
    visit("prompts", prompts, "Further beginnings to continue");
    visit("prompt_tokens", prompt_tokens,
          "Tokens of a passage that are its beginning; half of a passage of fewer than twice as many",
          at_least(1));
    visit("new_tokens", new_tokens, "Tokens to write at most, the likeliest at each step", at_least(1));
    visit("repetition_penalty", repetition_penalty,
          "Makes tokens that are there already less likely (Keskar et al., CTRL, 2019); 1 for none",
          between(0.01, 100));
  }
};

/// A beginning that models go on from.
struct SamplePrompt {
  std::string item;                     // the passage's id, or "prompt 1", …
  std::vector<tokenizer::TokenId> ids;  // begin token included
  std::string text;                     // without the begin token
  std::string original;                 // how the passage itself goes on; empty for a prompt
};

/// The beginnings of the first options.passages passages.
std::vector<SamplePrompt> passage_prompts(const PreparedPassages& prepared,
                                          const tokenizer::Tokenizer& tokenizer,
                                          const GenerationOptions& options);

/// The beginnings of options.prompts, after the token that the tokenizer itself adds. Throws InputError for
/// an empty one, and for one that with options.new_tokens exceeds `context_length`.
std::vector<SamplePrompt> own_prompts(const tokenizer::Tokenizer& tokenizer, std::int64_t context_length,
                                      const GenerationOptions& options);

/// The model's greedy continuation of every prompt, up to the end token, options.new_tokens or the end of the
/// context. Throws Interrupted on a stop request.
std::vector<std::string> continue_prompts(const model::Decoder& decoder, const model::LoraAdapter* adapter,
                                          const tokenizer::Tokenizer& tokenizer,
                                          const std::vector<SamplePrompt>& prompts,
                                          const GenerationOptions& options, ProgressObserver* observer,
                                          std::stop_token stop);

}  // namespace conceptune::evaluation
