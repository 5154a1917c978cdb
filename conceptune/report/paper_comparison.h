// The run's effects beside the paper's (Tables 3 and 4).
#pragma once

#include <vector>

#include "conceptune/experiment/store.h"
#include "conceptune/report/table.h"

namespace conceptune::report {

/// A row for each measure and arm that the paper has a row for: trained with the paper's loss on C4 or
/// OpenWebText, on sets by the paper's source (a prompt) or its noise, or at λ = 0, on all content words;
/// similarity in the paper's convention. It holds the change from the base here, and the paper's for its
/// three models on that corpus. Changes are differences for correlations and accuracies, percent for
/// perplexities. Without rows when nothing matches.
Table paper_comparison(const experiment::Results& results);

}  // namespace conceptune::report
