#include "conceptune/concepts/prompt_source.h"

#include "conceptune/torch_pch.h"

#include <algorithm>

#include "conceptune/base/error.h"
#include "conceptune/base/hash.h"
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

/// The prompts of one passage, and the words that they are for.
struct PromptSource::Questions {
  std::vector<std::vector<std::int32_t>> prompts;
  std::vector<std::size_t> words;
  bool in_thought = false;  // the prompts end within a thought
};

PromptSource::PromptSource(std::shared_ptr<const model::Decoder> decoder,
                           std::shared_ptr<const tokenizer::Tokenizer> tokenizer,
                           const PromptOptions& options, int max_synonyms)
    : decoder_(std::move(decoder)),
      tokenizer_(without_thinking(std::move(tokenizer))),
      options_(options),
      template_(prompt_template_of(options)),
      max_synonyms_(static_cast<std::size_t>(max_synonyms)) {
  check_prompting(options_, *tokenizer_);
}

Json PromptSource::made_from() const { return {{"prompt", sha256_hex(template_.text())}}; }

std::string PromptSource::prompt_of(const ConceptWord& word, const std::string& text,
                                    const Candidates& candidates) const {
  const tokenizer::ChatMessage message{"user", prompt_text(template_, word, text, candidates)};
  return tokenizer::render_chat(*tokenizer_, {&message, 1}, true);
}

std::string PromptSource::text_of(std::span<const std::int32_t> tokens) const {
  std::vector<std::int32_t> kept;
  for (const std::int32_t token : tokens)
    if (!tokenizer_->is_special(token) || is_thought_tag(tokenizer_->token_bytes(token)))
      kept.push_back(token);
  return tokenizer_->decode(kept);
}

PromptSource::Questions PromptSource::questions_of(const Draft& draft, Outcomes& outcomes) const {
  const auto longest = static_cast<std::size_t>(
      std::max<std::int64_t>(0, decoder_->config().context_length - options_.max_new_tokens));
  Questions questions;
  for (std::size_t i = 0; i < draft.record.words.size(); ++i) {
    ++outcomes.asked;
    std::vector<std::int32_t> prompt;
    if (!draft.candidates[i].empty()) {
      const std::string text = prompt_of(draft.record.words[i], draft.record.text, draft.candidates[i]);
      prompt = tokenizer_->encode_ids(text, true);
      questions.in_thought = ends_in_thought(text);
    }
    if (prompt.empty() || prompt.size() > longest) {
      ++outcomes.refused;
      continue;
    }
    questions.prompts.push_back(std::move(prompt));
    questions.words.push_back(i);
  }
  return questions;
}

std::vector<PromptSource::Answer> PromptSource::ask(std::span<const Draft> drafts, Outcomes& outcomes,
                                                    std::stop_token stop) const {
  std::vector<Answer> answers;
  std::vector<generation::PromptGroup> groups;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    const auto questions = questions_of(drafts[i], outcomes);
    if (!questions.words.empty()) groups.push_back(group_of(questions.prompts));
    for (const std::size_t word : questions.words) answers.push_back({i, word, {}, questions.in_thought});
  }
  const bool in_thought = !answers.empty() && answers.front().in_thought;  // all are by the same template
  const auto is_complete = [&](std::span<const std::int32_t> written) {
    const std::string text = text_of(written);
    const auto said = after_thought(text, in_thought);
    return said && is_complete_answer(*said);
  };
  generation::GenerateOptions generate_options{.max_new_tokens = options_.max_new_tokens,
                                               .repetition_penalty = options_.repetition_penalty,
                                               .is_complete = is_complete};
  if (const auto end = tokenizer_->end_token()) generate_options.stop_tokens.push_back(*end);
  auto answer = answers.begin();
  for (auto& texts : generation::generate(*decoder_, groups, generate_options, nullptr, nullptr, stop))
    for (auto& text : texts) (answer++)->tokens = std::move(text);
  return answers;
}

Outcomes PromptSource::fill(std::span<Draft> drafts, std::stop_token stop) const {
  Outcomes outcomes;
  for (const auto& answer : ask(drafts, outcomes, stop)) {
    Draft& draft = drafts[answer.draft];
    const bool is_cut_off = std::ssize(answer.tokens) == options_.max_new_tokens;
    take_answer({text_of(answer.tokens), is_cut_off, answer.in_thought}, draft.candidates[answer.word],
                max_synonyms_, draft.record.words[answer.word], outcomes);
  }
  return outcomes;
}

void check_prompting(const PromptOptions& options, const tokenizer::Tokenizer& tokenizer) {
  prompt_template_of(options);
  if (!tokenizer.chat_template())
    throw InputError("preparing prompts", "model", "it has no chat template: an instruct model is needed");
}

PromptTemplate prompt_template_of(const PromptOptions& options) {
  return options.template_file.empty() ? PromptTemplate(options.order)
                                       : PromptTemplate(options.template_file);
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
