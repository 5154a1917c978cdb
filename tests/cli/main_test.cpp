// What the program says to a wrong command line, and how it ends.
#include <gtest/gtest.h>

#include "tests/support/run_program.h"

namespace conceptune::test {
namespace {

TEST(Program, NamesTheNearestCommand) {
  const auto result = run_program({"evn"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.errors,
            "conceptune: 'evn' is not a command, did you mean 'env'?; see conceptune --help\n");
  EXPECT_EQ(result.output, "");
}

TEST(Program, PointsToTheCommandsHelp) {
  const auto result = run_program({"env", "--jsno"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.errors,
            "conceptune: The following argument was not expected: --jsno; see conceptune env --help\n");
}

TEST(Program, NeedsACommand) { EXPECT_EQ(run_program({}).exit_code, 2); }

TEST(Program, HelpAndVersionAreNoMistakes) {
  EXPECT_EQ(run_program({"--help"}).exit_code, 0);
  const auto version = run_program({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_EQ(version.output.substr(0, 11), "conceptune ");
}

}  // namespace
}  // namespace conceptune::test
