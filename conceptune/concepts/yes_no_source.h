// Concepts by asking an instruct model of each word of a pool whether it could replace the content word.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "conceptune/concepts/concept_source.h"
#include "conceptune/concepts/prompt_template.h"
#include "conceptune/concepts/substitute_pool.h"
#include "conceptune/concepts/yes_no_options.h"
#include "conceptune/runtime/generation/language_model.h"

namespace conceptune::concepts {

/// The synonyms are the words for which "Yes" is the likeliest answer's beginning against "No"; the score is
/// log p(Yes) − log p(No). What the questions about a content word begin with in common is run once. A word
/// whose questions are longer than the model's context is refused.
class YesNoSource : public ConceptSource {
 public:
  /// `asked` is the instruct model. Throws as yes_no_tokenizer(), and InputError for an unusable template.
  YesNoSource(const generation::LanguageModel& asked, PoolFinder pools, const YesNoOptions& options,
              int max_synonyms);

  Json made_from() const override;
  Outcomes fill(std::span<Draft> drafts, std::stop_token stop) const override;

 private:
  struct Question;

  Question question_of(Draft& draft, std::size_t word) const;
  void answer(std::span<Question> questions) const;
  void take(const Question& question, Outcomes& outcomes) const;

  generation::LanguageModel model_;
  std::shared_ptr<const tokenizer::Tokenizer> tokenizer_;
  PoolFinder pools_;
  YesNoOptions options_;
  PromptTemplate template_;
  std::int32_t yes_, no_;
  std::size_t max_synonyms_;
};

/// A model's tokenizer with thinking switched off where that can be. Throws InputError for one without a chat
/// template, one whose template begins a thought before the answer, and one for which "Yes" or "No" is no
/// token.
std::shared_ptr<const tokenizer::Tokenizer> yes_no_tokenizer(
    const std::shared_ptr<const tokenizer::Tokenizer>& of_model);

/// The template file's text or the built-in one. Throws InputError for an unusable file.
PromptTemplate yes_no_template_of(const YesNoOptions& options);

}  // namespace conceptune::concepts
