#include "conceptune/training/optimizer/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace conceptune::training {

double learning_rate_at(std::int64_t step, std::int64_t total_steps, const OptimizerOptions& options) {
  const auto total = static_cast<double>(total_steps);
  const auto done = static_cast<double>(step);
  const double warmup = std::ceil(options.warmup * total);
  if (done < warmup) return options.learning_rate * done / warmup;
  if (options.schedule == Schedule::constant) return options.learning_rate;
  const double progress = std::min(1.0, (done - warmup) / std::max(1.0, total - warmup));
  if (options.schedule == Schedule::linear) return options.learning_rate * (1 - progress);
  return options.learning_rate * 0.5 * (1 + std::cos(std::numbers::pi * progress));
}

}  // namespace conceptune::training
