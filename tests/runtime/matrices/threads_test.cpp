#include "conceptune/runtime/matrices/threads.h"

#include <gtest/gtest.h>
#include <omp.h>
#include <sched.h>

namespace conceptune::model {
namespace {

TEST(Threads, CountsTheCoresThisProcessMayUse) {
  cpu_set_t all, one;
  ASSERT_EQ(sched_getaffinity(0, sizeof all, &all), 0);
  CPU_ZERO(&one);
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (!CPU_ISSET(core, &all)) continue;
    CPU_SET(core, &one);
    break;
  }
  ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  EXPECT_EQ(available_cores(), 1);
  ASSERT_EQ(sched_setaffinity(0, sizeof all, &all), 0);
  EXPECT_EQ(available_cores(), CPU_COUNT(&all));
}

TEST(Threads, ReachOurKernels) {
  const int before = threads();
  set_threads(2);
  EXPECT_EQ(omp_get_max_threads(), 2);
  EXPECT_EQ(threads(), 2);
  set_threads(before);
}

}  // namespace
}  // namespace conceptune::model
