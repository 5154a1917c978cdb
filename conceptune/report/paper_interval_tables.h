// The paper's Tables 1 and 2 in its own layout, from what a run has.
#pragma once

#include <vector>

#include "conceptune/report/paper_design.h"
#include "conceptune/report/table.h"

namespace conceptune::report {

/// Tables 1 and 2: paired bootstrap intervals of adapter minus base on content words, in domain and out of
/// it, tokens resampled as in the paper, and passages below.
std::vector<Table> paper_interval_tables(const Design& design);

}  // namespace conceptune::report
