// What the program says to a wrong command line, and that it ends with 2.
#include <gtest/gtest.h>

#include "tests/support/run_program.h"

namespace conceptune::test {
namespace {

void expect_complaint(const std::vector<std::string>& words, const std::string& complaint) {
  const auto result = run_program(words);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.errors, "conceptune: " + complaint + "\n");
  EXPECT_EQ(result.output, "");
}

TEST(UsageErrors, NameTheNearestCommand) {
  expect_complaint({"evn"}, "'evn' is not a command, did you mean 'env'?; see conceptune --help");
  expect_complaint({"dataset", "limti", "a"},
                   "'limti' is not a command, did you mean 'limit'?; see conceptune dataset --help");
  expect_complaint({"dataset", "photosynthesis"},
                   "'photosynthesis' is not a command; see conceptune dataset --help");
}

TEST(UsageErrors, NameTheNearestFlag) {
  expect_complaint({"env", "--jsno"},
                   "unknown option '--jsno', did you mean '--json'?; see conceptune env --help");
  expect_complaint(
      {"dataset", "last", "a", "-o", "b", "--overwriet=1"},
      "unknown option '--overwriet', did you mean '--overwrite'?; see conceptune dataset last --help");
  expect_complaint({"env", "--photosynthesis", "--jso"},
                   "unknown option '--photosynthesis'; unknown option '--jso', did you mean '--json'?; see "
                   "conceptune env --help");
}

TEST(UsageErrors, NameAMisspeltFlagBesideWhatIsMissingForIt) {
  expect_complaint({"train", "-m", "m", "-o", "r", "--datasets", "d"},
                   "unknown option '--datasets', did you mean '--dataset'?; --dataset is required; see "
                   "conceptune train --help");
}

TEST(UsageErrors, NameWordsThatAreTooMany) {
  expect_complaint({"run", "a.toml", "b.toml"}, "unexpected argument 'b.toml'; see conceptune run --help");
  // The value of --set is one word, as it is in every command.
  expect_complaint({"train", "-m", "m", "-d", "d", "-o", "r", "--set", "epochs=1", "seed=2"},
                   "unexpected argument 'seed=2'; see conceptune train --help");
}

TEST(UsageErrors, NameTheRangeOfANumber) {
  expect_complaint({"dataset", "limit", "a", "-o", "b", "--count", "-1"},
                   "--count: is '-1', expected a number, at least 0; see conceptune dataset limit --help");
  expect_complaint({"train", "-m", "m", "-d", "d", "-o", "r", "--launch", "many"},
                   "--launch: is 'many', expected a number, between 1 and 1024; see conceptune train --help");
}

}  // namespace
}  // namespace conceptune::test
