// What an experiment will cost, as people and as programs read it.
#pragma once

#include <string>

#include "conceptune/base/json.h"
#include "conceptune/experiment/estimate.h"

namespace conceptune::cli {

/// A line a stage, and the sum; without a final line feed.
std::string table_of(const experiment::ExperimentEstimate& estimate);
Json to_json(const experiment::ExperimentEstimate& estimate);

}  // namespace conceptune::cli
