#include "conceptune/runtime/kernels/parallel.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>
#include <vector>

namespace conceptune::kernels {
namespace {

TEST(Parallel, DoesEveryTaskOnce) {
  for (const int count : {0, 1, 2, 1000}) {
    std::vector<int> done(count);
    parallel_for(count, [&](std::int64_t i) { ++done[i]; });
    EXPECT_EQ(done, std::vector<int>(count, 1));
  }
}

TEST(Parallel, LoopsWithinTasksStayInTheirThread) {
  std::vector<int> threads(8), sums(8);
  parallel_for(8, [&](std::int64_t i) {
    threads[i] = thread_count();
    parallel_for(5, [&](std::int64_t j) { sums[i] += static_cast<int>(j); });
  });
  EXPECT_EQ(sums, std::vector<int>(8, 10));
  if (thread_count() > 1) {
    EXPECT_EQ(threads, std::vector<int>(8, 1));
  }
}

TEST(Parallel, AForkRunsItsTasksToo) {
  parallel_for(8, [](std::int64_t) {});  // the threads begin
  const pid_t child = ::fork();
  if (child == 0) {
    std::vector<int> calls(8);
    parallel_for(8, [&](std::int64_t i) { ++calls[i]; });
    ::_exit(calls == std::vector<int>(8, 1) ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST(Parallel, RethrowsWhatATaskThrows) {
  EXPECT_THROW(parallel_for(9,
                            [](std::int64_t i) {
                              if (i == 7) throw std::runtime_error("seven");
                            }),
               std::runtime_error);
}

}  // namespace
}  // namespace conceptune::kernels
