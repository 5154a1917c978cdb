#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/file.h"
#include "tests/support/inputs.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"

namespace conceptune {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(CheckCommand, TellsAllErrorsOfAConfig) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("bad.toml", "[training]\nepohcs = 1\n[corpus]\npassages = 0\n");
  const auto result = test::run_program({"check", path.string()});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.errors, HasSubstr("5 problems"));
  EXPECT_THAT(result.errors,
              HasSubstr("bad.toml, line 2: unknown key 'training.epohcs', did you mean 'training.epochs'?"));
  EXPECT_THAT(result.errors,
              HasSubstr("bad.toml, line 4: corpus.passages is 0, expected an integer, at least 1"));
  // What is not set is told in the same pass.
  EXPECT_THAT(result.errors, HasSubstr("model.path: not set"));
}

TEST(CheckCommand, PrintsAConfigThatReadsBackToItself) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("a.toml", "[training]\nepochs = 7\n[grid]\ntraining.seed = [1, 2]\n");
  const auto first = test::run_program({"check", path.string(), "--print", "--set", "output=/run"});
  ASSERT_EQ(first.exit_code, 0) << first.errors;
  EXPECT_THAT(first.output, HasSubstr("epochs = 7"));
  const auto again = folder.write("b.toml", first.output);
  EXPECT_EQ(test::run_program({"check", again.string(), "--print"}).output, first.output);
}

TEST(CheckCommand, EstimatesWithoutRunning) {
  CONCEPTUNE_REQUIRE(test::input("SmolLM2-135M-Instruct.Q4_1.gguf"));
  CONCEPTUNE_REQUIRE(std::filesystem::path("/usr/share/wordnet"));
  const test::TemporaryFolder folder;
  const auto run = folder.path() / "run";
  const auto result = test::run_program({"check", test::source("configs/quickstart.toml").string(), "--json",
                                         "--set", "output=" + run.string()});
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.output, HasSubstr("\"stage\":\"train\",\"subject\":\"concepts, λ 0.5\""));
  EXPECT_THAT(result.output, HasSubstr("\"peak_memory_bytes\":"));
  EXPECT_FALSE(std::filesystem::exists(run));
  EXPECT_THAT(result.errors, Not(HasSubstr("not read")));
}

TEST(CheckCommand, WarnsOfAnnotationsOptionsThatNoArmReads) {
  CONCEPTUNE_REQUIRE(test::input("SmolLM2-135M-Instruct.Q4_1.gguf"));
  CONCEPTUNE_REQUIRE(std::filesystem::path("/usr/share/wordnet"));
  const test::TemporaryFolder folder;
  const auto check = [&](std::vector<std::string> settings) {
    std::vector<std::string> arguments = {"check", test::source("configs/quickstart.toml").string(), "--json",
                                          "--set", "output=" + (folder.path() / "run").string()};
    for (auto& setting : settings) arguments.insert(arguments.end(), {"--set", setting});
    return test::run_program(arguments);
  };
  EXPECT_THAT(
      check({"annotation.candidates.server.url=http://localhost:9", "annotation.prompt.max_new_tokens=5"})
          .errors,
      HasSubstr("set, but not read by source continuation: annotation.candidates.server.url, "
                "annotation.prompt.max_new_tokens"));
  EXPECT_THAT(
      check({"grid.annotation.source=[\"prompt\", \"continuation\"]", "annotation.prompt.max_new_tokens=5"})
          .errors,
      Not(HasSubstr("not read")));
}

TEST(CheckCommand, ExplainsAKey) {
  const auto one = test::run_program({"check", "--keys", "training.epochs"});
  EXPECT_EQ(one.exit_code, 0) << one.errors;
  EXPECT_EQ(one.output.find("training.epochs = 5\n  "), 0U) << one.output;
  const auto wrong = test::run_program({"check", "--keys", "training.epohcs"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.errors, HasSubstr("unknown key 'training.epohcs', did you mean 'training.epochs'?"));
}

TEST(CheckCommand, NeedsAConfig) { EXPECT_EQ(test::run_program({"check"}).exit_code, 2); }

}  // namespace
}  // namespace conceptune
