// Cross-entropy with a larger weight on content words, divided by the sum of weights. What the concept term
// would be is logged; it counts nothing.
#include "conceptune/training/loss/concept_terms.h"

namespace conceptune::training {
namespace {

LossWeights weights(const ObjectiveOptions& options) {
  return {1, 0, options.content_weight, options.content_weight};
}

}  // namespace

extern const LossRule kWeightedCe = {.name = "weighted-ce",
                                     .uses_synonyms = false,
                                     .uses_concept_weight = false,
                                     .weights = weights,
                                     .concept_term = mass_term};

}  // namespace conceptune::training
