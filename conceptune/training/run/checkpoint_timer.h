// When a checkpoint is due: by steps, by time, or because the user asks for one.
#pragma once

#include <chrono>
#include <cstdint>

#include "conceptune/base/checkpoint_request.h"
#include "conceptune/training/options.h"

namespace conceptune::training {

class CheckpointTimer {
 public:
  /// `options` must outlive the timer; the state of `step` needs no checkpoint.
  CheckpointTimer(const CheckpointOptions& options, std::int64_t step) : options_(options), step_(step) {}

  /// Whether the state after `step` steps is to be kept; never twice the same.
  bool is_due(std::int64_t step) const;
  /// A checkpoint of `step` is tried now: time counts from here, whether or not it can be written.
  void begin(std::int64_t step);
  /// It is written. Returns whether it answered a request.
  bool answer();

 private:
  using Clock = std::chrono::steady_clock;
  const CheckpointOptions& options_;
  std::int64_t step_;
  Clock::time_point begun_ = Clock::now();
  std::int64_t requests_ = checkpoint_requests();  // when the one under way began
  std::int64_t answered_ = requests_;
};

}  // namespace conceptune::training
