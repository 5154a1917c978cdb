#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/support/run_program.h"

namespace conceptune::test {
namespace {

using testing::HasSubstr;
using testing::Not;

/// What libgomp took from the environment when a command started, in its own words.
std::string openmp_settings(const std::string& command) {
  ::setenv("OMP_DISPLAY_ENV", "verbose", 1);
  const auto result = run_program({command, "--help"});
  ::unsetenv("OMP_DISPLAY_ENV");
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  return result.errors;
}

TEST(ThreadWaiting, IsShortWhereAModelRuns) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizer starts first";
#endif
  if (openmp_settings("env").find("GOMP_SPINCOUNT") == std::string::npos)
    GTEST_SKIP() << "OpenMP is not libgomp's";
  EXPECT_THAT(openmp_settings("train"), HasSubstr("GOMP_SPINCOUNT = '1000'"));
  EXPECT_THAT(openmp_settings("env"), Not(HasSubstr("GOMP_SPINCOUNT = '1000'")));
}

TEST(ThreadWaiting, IsWhatTheUserSays) {
  for (const auto& [name, value] : {std::pair{"GOMP_SPINCOUNT", "77"}, {"OMP_WAIT_POLICY", "active"}}) {
    ::setenv(name, value, 1);
    EXPECT_THAT(openmp_settings("train"), Not(HasSubstr("GOMP_SPINCOUNT = '1000'"))) << name;
    ::unsetenv(name);
  }
}

}  // namespace
}  // namespace conceptune::test
