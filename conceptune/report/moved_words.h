// What training moved most: the content words that are predicted most differently.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "conceptune/experiment/store.h"
#include "conceptune/report/table.h"

namespace conceptune::report {

/// Words that occur less often are not shown.
inline constexpr std::size_t kFewestOccurrences = 5;

/// For each base model and passage set a table of the content words (in lower case) whose mean -log p, in
/// nats over all their occurrences in the passages and over the seeds, changed most between next-token
/// training (the base where there is none) and the paper's loss at the largest λ: first those that are
/// predicted better, then those predicted worse. Reads the items beside the evaluation, from the folder
/// `items`; without tables where they are not there, and a warning where they are damaged.
std::vector<Table> moved_word_tables(const experiment::Results& results, const std::filesystem::path& items);

}  // namespace conceptune::report
