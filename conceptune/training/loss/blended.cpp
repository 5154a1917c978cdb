// The authors' released code: only content words lose next-token weight; the threshold itself is above, and
// the logarithm is never taken of less than kSmallestMass.
#include <cmath>

#include "conceptune/training/loss/concept_terms.h"

namespace conceptune::training {
namespace {

constexpr double kSmallestMass = 1e-9;

LossWeights weights(const ObjectiveOptions& options) {
  return {1, options.concept_weight, 1 - options.concept_weight};
}

ConceptTerm clamped_mass_term(const PredictedConcept& predicted, const ObjectiveOptions& options) {
  const double mass = std::exp(predicted.log_mass);
  if (mass >= options.target_mass) return {.above_target_mass = true};
  if (mass < kSmallestMass) return {.loss = -std::log(kSmallestMass)};
  return unlimited_mass_term(predicted);
}

}  // namespace

extern const LossRule kBlended = {
    .name = "blended", .uses_target_mass = true, .weights = weights, .concept_term = clamped_mass_term};

}  // namespace conceptune::training
