#include "conceptune/training/loss/concept_terms.h"

#include <cmath>
#include <utility>

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

ConceptTerm cross_entropy(const PredictedConcept& predicted, std::vector<double> shares) {
  ConceptTerm term{.weight_sum = 1};
  for (std::size_t i = 0; i < shares.size(); ++i) term.loss -= shares[i] * predicted.log_shares[i];
  term.weights = std::move(shares);
  return term;
}

}  // namespace conceptune::training
