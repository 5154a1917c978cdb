// Held-out passages without those that a compared model has seen in its training.
#pragma once

#include <span>
#include <vector>

#include "conceptune/evaluation/evaluate.h"

namespace conceptune::evaluation {

struct UnseenPassages {
  std::vector<concepts::ConceptRecord> records;
  std::vector<Skip> seen;  // the others, each with an adapter that was trained or validated on it
};

/// A passage is known by its text.
UnseenPassages unseen_passages(std::span<const concepts::ConceptRecord> records,
                               std::span<const EvaluatedAdapter> adapters);

}  // namespace conceptune::evaluation
