// conceptune help says what --help says.
#include <gtest/gtest.h>

#include "tests/support/run_program.h"

namespace conceptune::test {
namespace {

TEST(HelpCommand, SaysWhatTheFlagSays) {
  EXPECT_EQ(run_program({"help"}).output, run_program({"--help"}).output);
  EXPECT_EQ(run_program({"help", "train"}).output, run_program({"train", "--help"}).output);
  EXPECT_EQ(run_program({"help", "dataset", "limit"}).output,
            run_program({"dataset", "limit", "--help"}).output);
}

TEST(HelpCommand, KnowsNoOtherCommands) {
  const auto near = run_program({"help", "trian"});
  EXPECT_EQ(near.exit_code, 2);
  EXPECT_EQ(near.errors,
            "conceptune: 'trian' is not a command, did you mean 'train'?; see conceptune --help\n");
  EXPECT_EQ(run_program({"help", "train", "limit"}).exit_code, 2);
}

}  // namespace
}  // namespace conceptune::test
