// Concepts by asking an instruct model which candidates could replace a word (paper, section 3.1 and Appendix
// A).
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "conceptune/options/option_fields.h"
#include "conceptune/concepts/concept_source.h"
#include "conceptune/concepts/prompt_template.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"
#include "conceptune/servers/server_options.h"

namespace conceptune::model {
class Decoder;
}

namespace conceptune::concepts {

struct PromptOptions {
  std::filesystem::path model;
  PromptOrder order = PromptOrder::passage_first;
  std::filesystem::path template_file;
  int max_new_tokens = 20;
  double repetition_penalty = 1.1;
  servers::ServerOptions server;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("model", model, "Instruct model to ask; the model of the candidates when empty");
    visit("order", order, "Built-in prompt: the paper's, or with the passage first, which is faster");
    visit("template_file", template_file, "Prompt of one's own instead");
    visit("max_new_tokens", max_new_tokens, "Tokens of an answer at most", at_least(1));
    visit("repetition_penalty", repetition_penalty, "Penalty on tokens that are already there",
          between(1, 10));
    visit("server", server, "A server whose instruct model is asked instead of one here");
  }
};

/// The synonyms are the candidates that the greedy answer names, in the answer's order; the score of the n-th
/// is 1/n (see take_answer()). A word without candidates, or whose prompt is longer than the model's context,
/// is refused. Thinking is switched off where the model's chat template allows it.
class PromptSource : public ConceptSource {
 public:
  /// Throws InputError for an unusable template and a model without chat template.
  PromptSource(std::shared_ptr<const model::Decoder> decoder,
               std::shared_ptr<const tokenizer::Tokenizer> tokenizer, const PromptOptions& options,
               int max_synonyms);

  bool needs_candidates() const override { return true; }
  Json made_from() const override;
  Outcomes fill(std::span<Draft> drafts, std::stop_token stop) const override;

  /// What the model said about one word of one draft.
  struct Answer {
    std::size_t draft, word;
    std::vector<std::int32_t> tokens;
    bool in_thought = false;  // the prompt ended within a thought
    bool operator==(const Answer&) const = default;
  };
  /// The answers about all words that can be asked about, in order; counts asked and refused.
  std::vector<Answer> ask(std::span<const Draft> drafts, Outcomes& outcomes, std::stop_token stop) const;

 private:
  struct Questions;

  Questions questions_of(const Draft& draft, Outcomes& outcomes) const;
  std::string prompt_of(const ConceptWord& word, const std::string& text, const Candidates& candidates) const;
  /// The text of an answer's tokens, without special ones but with the tags of thoughts.
  std::string text_of(std::span<const std::int32_t> tokens) const;

  std::shared_ptr<const model::Decoder> decoder_;
  std::shared_ptr<const tokenizer::Tokenizer> tokenizer_;
  PromptOptions options_;
  PromptTemplate template_;
  std::size_t max_synonyms_;
};

/// The template file's text or the built-in one. Throws InputError for an unusable file.
PromptTemplate prompt_template_of(const PromptOptions& options);

/// Throws InputError where a model with that tokenizer cannot be asked so: for an unusable template file, and
/// a model without a chat template.
void check_prompting(const PromptOptions& options, const tokenizer::Tokenizer& tokenizer);

/// How many tokens all prompts begin with in common, leaving at least one of each.
std::size_t common_prefix(std::span<const std::vector<std::int32_t>> prompts);

}  // namespace conceptune::concepts
