// The run's effects beside the paper's (Tables 3 and 4).
#pragma once

#include <vector>

#include "conceptune/experiment/store.h"
#include "conceptune/report/table.h"

namespace conceptune::report {

/// A row for each measure that the paper reports and each concept weight of an arm with the paper's loss: the
/// change from the base here, and in the paper for its three models trained on C4. Changes are differences
/// for correlations and accuracies, percent for perplexities. Models and data differ: signs and order of
/// magnitude are what can agree. Without rows when nothing can be compared.
Table paper_comparison(const experiment::Results& results);

}  // namespace conceptune::report
