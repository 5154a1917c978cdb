// Whether the results that a run's store holds are those that its evaluations gave.
#pragma once

#include <string>

#include "conceptune/experiment/store.h"

namespace conceptune::experiment {

/// The model of the first evaluation among the `results` of a store that no product of the run holds; empty
/// when there is none, or the products are not there to compare with.
std::string altered_evaluation(const Results& results, RunStore& store);

}  // namespace conceptune::experiment
