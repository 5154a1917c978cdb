#include "conceptune/training/run/checkpoint_timer.h"

#include <utility>

namespace conceptune::training {

bool CheckpointTimer::is_due(std::int64_t step) const {
  if (step == step_) return false;
  const double seconds = std::chrono::duration<double>(Clock::now() - begun_).count();
  return checkpoint_requests() != answered_ ||
         (options_.every_steps > 0 && step % options_.every_steps == 0) ||
         (options_.every_seconds > 0 && seconds >= options_.every_seconds);
}

void CheckpointTimer::begin(std::int64_t step) {
  step_ = step;
  begun_ = Clock::now();
  requests_ = checkpoint_requests();
}

bool CheckpointTimer::answer() { return std::exchange(answered_, requests_) != requests_; }

}  // namespace conceptune::training
