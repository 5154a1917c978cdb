// As the paper's, with the word itself as its only concept token: what focusing on content words alone does.
#include <cmath>

#include "conceptune/training/loss/concept_terms.h"

namespace conceptune::training {
namespace {

ConceptTerm word_term(const PredictedConcept& predicted, const ObjectiveOptions& options) {
  if (std::exp(predicted.log_p_word) > options.target_mass) return {.above_target_mass = true};
  return {.loss = -predicted.log_p_word, .word_weight = 1, .weight_sum = 1};
}

}  // namespace

extern const LossRule kContentNtp = {.name = "content-ntp",
                                     .uses_synonyms = false,
                                     .uses_target_mass = true,
                                     .weights = interpolated,
                                     .concept_term = word_term};

}  // namespace conceptune::training
