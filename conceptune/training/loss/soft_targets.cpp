#include "conceptune/training/loss/soft_targets.h"

#include <algorithm>

#include "conceptune/training/loss/concept_terms.h"

namespace conceptune::training {
namespace {

/// Makes the weights, none below 0, shares of `whole`; equal ones where all are 0.
void share_out(std::span<double> weights, double whole) {
  if (weights.empty()) return;
  const double largest = *std::max_element(weights.begin(), weights.end());
  double sum = 0;
  for (double& weight : weights) {
    weight = largest > 0 ? weight / largest : 1;  // before they are added: no sum overflows
    sum += weight;
  }
  for (double& weight : weights) weight *= whole / sum;
}

/// Cross-entropy to the distribution that gives the word its own share and the synonyms the rest. A word
/// without synonyms has all of it, and synonyms whose word is not in the set have.
ConceptTerm soft_target_term(const PredictedConcept& predicted, const ObjectiveOptions& options) {
  const auto& [weights, own_share] = options.soft_targets;
  const std::size_t size = predicted.log_shares.size(), first = predicted.word_is_first ? 1 : 0;
  std::vector<double> shares(size, 1.0);
  if (weights == SynonymWeights::scores) shares.assign(predicted.scores.begin(), predicted.scores.end());
  if (predicted.word_is_first) shares[0] = size > 1 ? own_share : 1;
  share_out(std::span(shares).subspan(first), predicted.word_is_first ? 1 - own_share : 1);
  return cross_entropy(predicted, std::move(shares));
}

bool takes_scores(const ObjectiveOptions& options) {
  return options.soft_targets.weights == SynonymWeights::scores;
}

}  // namespace

extern const LossRule kSoftTargets = {.name = "soft-targets",
                                      .takes_scores = takes_scores,
                                      .weights = interpolated,
                                      .concept_term = soft_target_term};

}  // namespace conceptune::training
