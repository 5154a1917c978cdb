// How far an experiment is, as people and as programs read it.
#pragma once

#include <string>
#include <vector>

#include "conceptune/base/json.h"
#include "conceptune/experiment/stage_plan.h"

namespace conceptune::cli {

/// A line a stage, and how many are done; without a final line feed.
std::string table_of(const std::vector<experiment::PlannedStage>& stages);
Json to_json(const std::vector<experiment::PlannedStage>& stages);

}  // namespace conceptune::cli
