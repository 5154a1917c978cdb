// The main results of a run against both of the paper's baselines: the base model and next-token training.
#pragma once

#include <vector>

#include "conceptune/experiment/store.h"
#include "conceptune/report/table.h"

namespace conceptune::report {

/// For each base model a table of similarity under each convention, of each passage set and of the tasks, by
/// the main metrics: a row for the base and for every arm without its seeds. A cell holds the mean over the
/// seeds and, below, the differences to both baselines: an answer's where the question was asked, else the
/// paired difference of a single seed, else the mean difference of the seeds with Student's interval from
/// three on. Perplexities differ by percent, from the differences of their logarithms. The first table's file
/// is "summary".
std::vector<Table> headline_tables(const experiment::Results& results);

/// The same for a terminal: differences without intervals, a star where the interval excludes 0.
std::vector<Table> short_headline_tables(const experiment::Results& results);

/// How to read the short tables.
inline constexpr const char* kShortHeadlineNote =
    "After a value: its difference to the base, then to next-token training (λ = 0), perplexities by "
    "percent; * where "
    "the interval excludes 0, which for one seed is that of other items alone.";

}  // namespace conceptune::report
