// Answers of an instruct model that runs here.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "conceptune/concepts/answer_source.h"
#include "conceptune/concepts/prompt_options.h"
#include "conceptune/runtime/generation/language_model.h"

namespace conceptune::concepts {

/// Prompts go through the model's chat template; thinking is switched off where that allows it. What a
/// group's prompts begin with in common is run once. A prompt that leaves no room for the answer in the
/// model's context is refused.
class ModelAnswers : public AnswerSource {
 public:
  /// Throws as check_chat_template().
  ModelAnswers(const generation::LanguageModel& model, const PromptOptions& options);

  /// Nothing: the dataset's card names the models.
  Json made_from() const override { return Json::object(); }
  std::vector<ModelAnswer> answers(std::span<const std::vector<std::string>> groups,
                                   std::stop_token stop) const override;

 private:
  struct Prompts;

  Prompts prepare(std::span<const std::vector<std::string>> groups) const;
  /// The text of an answer's tokens, without special ones but with the tags of thoughts.
  std::string text_of(std::span<const std::int32_t> tokens) const;

  generation::LanguageModel model_;
  std::shared_ptr<const tokenizer::Tokenizer> tokenizer_;
  PromptOptions options_;
};

/// Throws InputError for a model without a chat template, which cannot be asked.
void check_chat_template(const tokenizer::Tokenizer& tokenizer);

/// A prompt as the model reads it.
struct ChatPrompt {
  std::vector<std::int32_t> ids;
  bool in_thought = false;  ///< it ends within a thought
};

/// The prompt as a user's message, by the tokenizer's chat template, which it must have.
ChatPrompt chat_prompt(const tokenizer::Tokenizer& tokenizer, const std::string& prompt);

/// How many tokens all prompts begin with in common, leaving at least one of each.
std::size_t common_prefix(std::span<const std::vector<std::int32_t>> prompts);

}  // namespace conceptune::concepts
