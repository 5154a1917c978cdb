// What the report draws: every metric against the concept weight, and the losses over the steps of training.
#pragma once

#include <string>
#include <vector>

#include "conceptune/experiment/store.h"
#include "conceptune/report/plot.h"

namespace conceptune::report {

/// What distinguishes an arm's curve from others: its group and what was varied besides weight and seed.
std::string curve_label(const experiment::StoredArm& arm, bool several_models);

/// A plot for each benchmark and metric, main or not (is_main_metric()), that has a value for some arm: one
/// curve for each group of arms, the base models as dashed levels. Bars are the paired intervals of the
/// difference to the base. Arms that differ in nothing but their seed share a point: their mean, with
/// Student's interval as its bar from three seeds on.
std::vector<Plot> metric_plots(const experiment::Results& results, bool main_ones);

/// A plot for each split and loss term, a curve an arm. Long curves are averaged over windows of steps.
std::vector<Plot> loss_plots(const std::vector<experiment::StoredLoss>& losses);

}  // namespace conceptune::report
