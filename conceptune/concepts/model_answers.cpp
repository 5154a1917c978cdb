#include "conceptune/concepts/model_answers.h"

#include <algorithm>

#include "conceptune/base/error.h"
#include "conceptune/concepts/prompt_answer.h"
#include "conceptune/concepts/prompt_thought.h"
#include "conceptune/runtime/generation/generate.h"
#include "conceptune/runtime/model/decoder.h"
#include "conceptune/runtime/tokenizer/chat_template.h"

namespace conceptune::concepts {
namespace {

generation::PromptGroup group_of(std::span<const std::vector<std::int32_t>> prompts) {
  const auto shared = static_cast<std::ptrdiff_t>(common_prefix(prompts));
  generation::PromptGroup group;
  group.prefix.assign(prompts.front().begin(), prompts.front().begin() + shared);
  for (const auto& prompt : prompts) group.suffixes.emplace_back(prompt.begin() + shared, prompt.end());
  return group;
}

}  // namespace

struct ModelAnswers::Prompts {
  std::vector<ModelAnswer> answers;  // of all prompts, to be written; refused where too long
  std::vector<std::size_t> asked;    // indices of the others
  std::vector<generation::PromptGroup> groups;
  bool in_thought = false;  // all prompts are by the same template
};

ModelAnswers::ModelAnswers(const generation::LanguageModel& model, const PromptOptions& options)
    : model_(model), tokenizer_(without_thinking(model.tokenizer())), options_(options) {
  check_chat_template(*tokenizer_);
  model_.decoder();
}

std::string ModelAnswers::text_of(std::span<const std::int32_t> tokens) const {
  std::vector<std::int32_t> kept;
  for (const std::int32_t token : tokens)
    if (!tokenizer_->is_special(token) || is_thought_tag(tokenizer_->token_bytes(token)))
      kept.push_back(token);
  return tokenizer_->decode(kept);
}

ModelAnswers::Prompts ModelAnswers::prepare(std::span<const std::vector<std::string>> groups) const {
  const auto longest = static_cast<std::size_t>(
      std::max<std::int64_t>(0, model_.config().context_length - options_.max_new_tokens));
  Prompts prepared;
  for (const auto& group : groups) {
    std::vector<std::vector<std::int32_t>> prompts;
    for (const auto& prompt : group) {
      auto [ids, in_thought] = chat_prompt(*tokenizer_, prompt);
      prepared.in_thought = in_thought;
      const bool fits = !ids.empty() && ids.size() <= longest;
      prepared.answers.push_back({.in_thought = prepared.in_thought, .is_refused = !fits});
      if (!fits) continue;
      prompts.push_back(std::move(ids));
      prepared.asked.push_back(prepared.answers.size() - 1);
    }
    if (!prompts.empty()) prepared.groups.push_back(group_of(prompts));
  }
  return prepared;
}

std::vector<ModelAnswer> ModelAnswers::answers(std::span<const std::vector<std::string>> groups,
                                               std::stop_token stop) const {
  Prompts prompts = prepare(groups);
  const auto is_complete = [&](std::span<const std::int32_t> written) {
    const std::string text = text_of(written);
    const auto said = after_thought(text, prompts.in_thought);
    return said && is_complete_answer(*said);
  };
  generation::GenerateOptions options{.max_new_tokens = options_.max_new_tokens,
                                      .repetition_penalty = options_.repetition_penalty,
                                      .is_complete = is_complete};
  if (const auto end = tokenizer_->end_token()) options.stop_tokens.push_back(*end);
  auto next = prompts.asked.begin();
  for (const auto& texts :
       generation::generate(model_.decoder(), prompts.groups, options, nullptr, nullptr, stop))
    for (const auto& tokens : texts) {
      ModelAnswer& answer = prompts.answers[*next++];
      answer.text = text_of(tokens);
      answer.tokens = std::ssize(tokens);
      answer.is_cut_off = answer.tokens == options_.max_new_tokens;
    }
  return std::move(prompts.answers);
}

void check_chat_template(const tokenizer::Tokenizer& tokenizer) {
  if (!tokenizer.chat_template())
    throw InputError("preparing prompts", "model", "it has no chat template: an instruct model is needed");
}

ChatPrompt chat_prompt(const tokenizer::Tokenizer& tokenizer, const std::string& prompt) {
  const tokenizer::ChatMessage message{"user", prompt};
  const std::string text = tokenizer::render_chat(tokenizer, {&message, 1}, true);
  return {tokenizer.encode_ids(text, true), ends_in_thought(text)};
}

std::size_t common_prefix(std::span<const std::vector<std::int32_t>> prompts) {
  if (prompts.empty() || prompts.front().empty()) return 0;
  const auto& first = prompts.front();
  std::size_t shared = first.size() - 1;
  for (const auto& prompt : prompts) {
    shared = std::min(shared, prompt.empty() ? 0 : prompt.size() - 1);
    const auto [end, other] =
        std::mismatch(first.begin(), first.begin() + static_cast<std::ptrdiff_t>(shared), prompt.begin());
    shared = static_cast<std::size_t>(end - first.begin());
  }
  return shared;
}

}  // namespace conceptune::concepts
