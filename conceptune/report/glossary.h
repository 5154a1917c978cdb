// What the numbers of a report mean, said where they stand.
#pragma once

#include <string>
#include <vector>

#include "conceptune/experiment/store.h"

namespace conceptune::report {

struct Definition {
  std::string term, meaning;
};

/// The metrics that the evaluations have, in the order of metrics.h, then the conventions by which texts were
/// given to the models, each with all of its settings.
std::vector<Definition> glossary_of(const std::vector<experiment::StoredEvaluation>& evaluations);

}  // namespace conceptune::report
