// What concept sets add over looking at content words alone.
#pragma once

#include "conceptune/experiment/store.h"
#include "conceptune/report/table.h"

namespace conceptune::report {

/// Paired differences on the main metrics between arms that were trained with concept sets and controls that
/// look at the same content words without synonyms (content-ntp, weighted-ce). An arm stands beside the
/// controls of its base model that agree with it in everything varied outside the objective, e.g. the seed;
/// content-ntp in its concept weight too. Arms with random concept sets are left out. No rows when there is
/// no such pair.
Table control_table(const experiment::Results& results);

}  // namespace conceptune::report
