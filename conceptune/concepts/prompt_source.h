// Concepts by asking an instruct model which candidates could replace a word (paper, section 3.1 and Appendix
// A).
#pragma once

#include <memory>

#include "conceptune/concepts/answer_source.h"
#include "conceptune/concepts/concept_source.h"
#include "conceptune/concepts/prompt_options.h"
#include "conceptune/concepts/prompt_template.h"

namespace conceptune::concepts {

/// The synonyms are the candidates that the greedy answer names, in the answer's order; the score of the n-th
/// is 1/n (see take_answer()). A word without candidates, or without an answer, is refused.
class PromptSource : public ConceptSource {
 public:
  /// Throws InputError for an unusable template.
  PromptSource(std::unique_ptr<const AnswerSource> answers, const PromptOptions& options, int max_synonyms);

  Json made_from() const override;
  Outcomes fill(std::span<Draft> drafts, std::stop_token stop) const override;

 private:
  std::unique_ptr<const AnswerSource> answers_;
  PromptTemplate template_;
  std::size_t max_synonyms_;
};

/// The template file's text or the built-in one. Throws InputError for an unusable file.
PromptTemplate prompt_template_of(const PromptOptions& options);

}  // namespace conceptune::concepts
