#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"

namespace conceptune {
namespace {

TEST(ReportCommand, SaysWhatIsNoRun) {
  const test::TemporaryFolder folder;
  const auto result = test::run_program({"report", folder.path().string()});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(
      result.errors,
      testing::HasSubstr("expected the folder of a run of an experiment, as conceptune run makes them"));
}

}  // namespace
}  // namespace conceptune
