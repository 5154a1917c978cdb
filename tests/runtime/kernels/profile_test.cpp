#include "conceptune/runtime/kernels/profile.h"

#include <gtest/gtest.h>

#include <thread>

#include "conceptune/runtime/kernels/parallel.h"

namespace conceptune::kernels {
namespace {

void work(const char* operation, int milliseconds, double flop = 0) {
  const ProfileScope scope(operation, flop);
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

TEST(Profile, CountsNothingUnlessStarted) {
  work("before", 1);
  start_profile();
  EXPECT_TRUE(stop_profile().empty());
  work("after", 1);
  EXPECT_TRUE(stop_profile().empty());
}

TEST(Profile, SumsCallsTimeAndFlopOfEachOperationLongestFirst) {
  start_profile();
  work("short", 1, 5);
  work("long", 40);
  work("short", 1, 7);
  const auto operations = stop_profile();
  ASSERT_EQ(operations.size(), 2U);
  EXPECT_EQ(operations[0].name, "long");
  EXPECT_GE(operations[0].thread_seconds, 0.040 * thread_count());
  EXPECT_EQ(operations[1].name, "short");
  EXPECT_EQ(operations[1].calls, 2);
  EXPECT_EQ(operations[1].flop, 12);
}

TEST(Profile, AScopeInAParallelLoopCountsForItsOwnThread) {
  start_profile();
  parallel_for(8, [](std::int64_t) { work("task", 2); });
  const auto operations = stop_profile();
  ASSERT_EQ(operations.size(), 1U);
  EXPECT_EQ(operations[0].calls, 8);
  EXPECT_GE(operations[0].thread_seconds, 8 * 0.002);
}

}  // namespace
}  // namespace conceptune::kernels
