// What training moved most: the text pairs whose similarity changed its place the most.
#pragma once

#include <filesystem>
#include <vector>

#include "conceptune/experiment/store.h"
#include "conceptune/report/table.h"

namespace conceptune::report {

/// For each base model and similarity set a table of the pairs that moved most between next-token training
/// (the base where there is none) and the paper's loss at the largest λ, cosines averaged over the seeds of
/// each: first those that came nearest to where people put them, then those that went farthest from it.
/// Places are shares of the pairs with a lower value, by people's scores and by cosines. Reads the items
/// beside the evaluation, from the folder `items`; without tables where they are not there, and a warning
/// where they are damaged.
std::vector<Table> moved_pair_tables(const experiment::Results& results, const std::filesystem::path& items);

}  // namespace conceptune::report
