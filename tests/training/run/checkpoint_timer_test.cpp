#include "conceptune/training/run/checkpoint_timer.h"

#include <gtest/gtest.h>

namespace conceptune::training {
namespace {

CheckpointOptions every(std::int64_t steps, double seconds) {
  CheckpointOptions options;
  options.every_steps = steps;
  options.every_seconds = seconds;
  return options;
}

TEST(CheckpointTimer, IsDueBySteps) {
  const CheckpointOptions options = every(4, 0);
  CheckpointTimer timer(options, 4);
  EXPECT_FALSE(timer.is_due(4));  // it was resumed from there
  EXPECT_FALSE(timer.is_due(7));
  EXPECT_TRUE(timer.is_due(8));
  timer.begin(8);
  EXPECT_FALSE(timer.is_due(8));
}

TEST(CheckpointTimer, IsDueByTime) {
  const CheckpointOptions soon = every(0, 1e-9), late = every(0, 1e9);
  EXPECT_TRUE(CheckpointTimer(soon, 0).is_due(1));
  EXPECT_FALSE(CheckpointTimer(soon, 0).is_due(0));
  EXPECT_FALSE(CheckpointTimer(late, 0).is_due(1));
}

TEST(CheckpointTimer, ARequestStaysOpenUntilItIsAnswered) {
  const CheckpointOptions options = every(0, 0);
  CheckpointTimer timer(options, 0);
  EXPECT_FALSE(timer.is_due(1));
  request_checkpoint();
  EXPECT_TRUE(timer.is_due(1));
  timer.begin(1);  // refused by the disk
  EXPECT_TRUE(timer.is_due(2));
  timer.begin(2);
  EXPECT_TRUE(timer.answer());
  EXPECT_FALSE(timer.is_due(3));
  timer.begin(3);
  EXPECT_FALSE(timer.answer());
}

}  // namespace
}  // namespace conceptune::training
