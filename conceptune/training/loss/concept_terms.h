// What several losses have in common.
#pragma once

#include "conceptune/training/loss/loss_rule.h"
#include "conceptune/training/loss/objective_options.h"

namespace conceptune::training {

/// (1 − λ) · next-token term + λ · concept term (paper, section 3.3).
LossWeights interpolated(const ObjectiveOptions& options);

/// −log mass of the set, 0 above τ (paper, sections 3.2 and 3.3).
ConceptTerm mass_term(const PredictedConcept& predicted, const ObjectiveOptions& options);

/// −log mass without a threshold: a member's weight is its share of the mass.
ConceptTerm unlimited_mass_term(const PredictedConcept& predicted);

/// Cross-entropy to a distribution over the set: the shares of its members, of sum 1.
ConceptTerm cross_entropy(const PredictedConcept& predicted, std::vector<double> shares);

}  // namespace conceptune::training
