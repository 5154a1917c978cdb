#include "conceptune/concepts/prompt_source.h"

#include <utility>
#include <vector>

#include "conceptune/base/hash.h"
#include "conceptune/concepts/prompt_answer.h"

namespace conceptune::concepts {
namespace {

/// The prompts of each draft's words, and which words they are for.
struct Questions {
  std::vector<std::vector<std::string>> groups;
  std::vector<std::pair<std::size_t, std::size_t>> asked;  // draft and word of each prompt
};

Questions questions_of(std::span<const Draft> drafts, const PromptTemplate& prompt, Outcomes& outcomes) {
  Questions questions;
  for (std::size_t d = 0; d < drafts.size(); ++d) {
    std::vector<std::string> group;
    for (std::size_t w = 0; w < drafts[d].record.words.size(); ++w) {
      ++outcomes.asked;
      const Candidates& candidates = drafts[d].candidates[w];
      if (candidates.empty()) {
        ++outcomes.refused;
        continue;
      }
      group.push_back(prompt_text(prompt, drafts[d].record.words[w], drafts[d].record.text, candidates));
      questions.asked.emplace_back(d, w);
    }
    if (!group.empty()) questions.groups.push_back(std::move(group));
  }
  return questions;
}

}  // namespace

PromptSource::PromptSource(std::unique_ptr<const AnswerSource> answers, const PromptOptions& options,
                           int max_synonyms)
    : answers_(std::move(answers)),
      template_(prompt_template_of(options)),
      max_synonyms_(static_cast<std::size_t>(max_synonyms)) {}

Json PromptSource::made_from() const {
  Json facts = answers_->made_from();
  facts["prompt"] = sha256_hex(template_.text());
  return facts;
}

Outcomes PromptSource::fill(std::span<Draft> drafts, std::stop_token stop) const {
  Outcomes outcomes;
  const Questions questions = questions_of(drafts, template_, outcomes);
  const auto answers = answers_->answers(questions.groups, std::move(stop));
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto [d, w] = questions.asked[i];
    take_answer(answers[i], drafts[d].candidates[w], max_synonyms_, drafts[d].record.words[w], outcomes);
  }
  return outcomes;
}

PromptTemplate prompt_template_of(const PromptOptions& options) {
  return options.template_file.empty() ? PromptTemplate(options.order)
                                       : PromptTemplate(options.template_file);
}

}  // namespace conceptune::concepts
