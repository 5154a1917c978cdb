// What concept sets add over looking at content words alone.
#pragma once

#include "conceptune/experiment/store.h"
#include "conceptune/report/table.h"

namespace conceptune::report {

/// Paired differences on the main metrics between arms that were trained with concept sets and controls,
/// whose losses use no synonyms. An arm stands beside the controls of its base model that agree with it in
/// everything varied outside the objective, e.g. the seed, and in the concept weight if the control's loss
/// uses it. Arms with random concept sets are left out, and those with a loss that the table of losses
/// (training/loss/) lacks. No rows when there is no such pair.
Table control_table(const experiment::Results& results);

}  // namespace conceptune::report
