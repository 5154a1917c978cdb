// How the program ends without a command, and what it says of itself.
#include <gtest/gtest.h>

#include "tests/support/run_program.h"

namespace conceptune::test {
namespace {

TEST(Program, SaysWhatThereIsWithoutACommand) {
  const auto bare = run_program({});
  EXPECT_EQ(bare.exit_code, 0);
  EXPECT_EQ(bare.output, run_program({"--help"}).output);
  EXPECT_EQ(run_program({"--json"}).exit_code, 2);
}

TEST(Program, HelpAndVersionAreNoMistakes) {
  EXPECT_EQ(run_program({"--help"}).exit_code, 0);
  const auto version = run_program({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_EQ(version.output.substr(0, 11), "conceptune ");
}

}  // namespace
}  // namespace conceptune::test
