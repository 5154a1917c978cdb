// What similarity costs: each arm's curve over its concept weights in the plane of two metrics.
#pragma once

#include <vector>

#include "conceptune/experiment/store.h"
#include "conceptune/report/plot.h"

namespace conceptune::report {

/// For each base model and passage set two plots against its content-word perplexity, on an axis of
/// logarithms: the mean of Spearman's correlation over the similarity sets, and the perplexity of all tokens.
/// A curve for each group of arms, in the order of λ, whose largest stands at its end; the base model is a
/// point of its own. Bars as in metric_plots(), for perplexity alone: a mean over sets has none.
/// Arms beyond four times the base's content-word perplexity are left out.
std::vector<Plot> dose_plots(const experiment::Results& results);

}  // namespace conceptune::report
