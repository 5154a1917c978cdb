// The paper's Tables 3 to 6 in its own layout, from what a run has.
#pragma once

#include <vector>

#include "conceptune/report/paper_design.h"
#include "conceptune/report/table.h"

namespace conceptune::report {

/// Tables 3 to 6: similarity, and clustering with next-token performance, for each corpus trained on. Values
/// are means over the seeds with the interval of other items (one seed) or seeds (three and more); below a
/// value the paper's own of the matching row, of the same model where the paper has it, else of its three.
/// Without tables where the run has no arms of the paper's design.
std::vector<Table> paper_result_tables(const Design& design);

}  // namespace conceptune::report
