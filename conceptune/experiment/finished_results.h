// What a run has given so far, while others are still at work on it.
#pragma once

#include <cstddef>

#include "conceptune/experiment/experiment_config.h"
#include "conceptune/experiment/store.h"

namespace conceptune::experiment {

/// How many of an experiment's evaluations are finished.
struct FinishedCount {
  std::size_t finished = 0, all = 0;
};

/// Puts the results of the evaluations that are finished in a run's folder, whoever made them, into a working
/// copy of its store, and counts them. Nothing is made, and where no more are finished than the `known` that
/// the copy holds already it stays as it is.
FinishedCount collect_finished(const Experiment& experiment, RunStore& copy, std::size_t known = 0);

}  // namespace conceptune::experiment
