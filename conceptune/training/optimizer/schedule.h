// Learning rates over the steps of a run.
#pragma once

#include <cstdint>

#include "conceptune/training/options.h"

namespace conceptune::training {

/// Learning rate of the update number `step`, counted from 0, of `total_steps`: rises linearly over the first
/// warmup · total_steps updates (rounded up), then is level, or falls linearly or as half a cosine to 0 after
/// the last. As transformers' schedules of these names give it. 0 ≤ step, total_steps > 0.
double learning_rate_at(std::int64_t step, std::int64_t total_steps, const OptimizerOptions& options);

}  // namespace conceptune::training
