// Cross-entropy to one synonym, drawn at every visit. With WordNet's hypernyms as synonyms it is
// next-hypernym prediction (after Iyer et al., "Beyond Tokens: Concept-Level Training Objectives for LLMs",
// EACL 2026).
#include <algorithm>

#include "conceptune/training/loss/concept_terms.h"

namespace conceptune::training {
namespace {

/// The word stands in only where it has no synonym. On average the target is all synonyms alike.
ConceptTerm drawn_synonym_term(const PredictedConcept& predicted, const ObjectiveOptions&) {
  const std::size_t size = predicted.log_shares.size(), first = predicted.word_is_first && size > 1 ? 1 : 0;
  const auto synonyms = static_cast<double>(size - first);
  std::vector<double> shares(size);
  if (predicted.draw)
    shares[first + static_cast<std::size_t>(*predicted.draw * synonyms)] = 1;
  else
    std::fill(shares.begin() + static_cast<std::ptrdiff_t>(first), shares.end(), 1 / synonyms);
  return cross_entropy(predicted, std::move(shares));
}

}  // namespace

extern const LossRule kNextSynonym = {
    .name = "next-synonym", .weights = interpolated, .concept_term = drawn_synonym_term};

}  // namespace conceptune::training
