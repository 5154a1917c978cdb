#include "conceptune/training/loss/concept_terms.h"

#include <cmath>

namespace conceptune::training {

LossWeights interpolated(const ObjectiveOptions& options) {
  return {1 - options.concept_weight, options.concept_weight};
}

ConceptTerm mass_term(const PredictedConcept& predicted, const ObjectiveOptions& options) {
  if (std::exp(predicted.log_mass) > options.target_mass) return {.above_target_mass = true};
  return unlimited_mass_term(predicted);
}

ConceptTerm unlimited_mass_term(const PredictedConcept& predicted) {
  ConceptTerm term{.loss = -predicted.log_mass, .weight_sum = 1};
  for (const double log_share : predicted.log_shares)
    term.weights.push_back(std::exp(log_share - predicted.log_mass));
  return term;
}

}  // namespace conceptune::training
