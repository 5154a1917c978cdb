// Flags that stand for settings: what they take, and what --set does beside them.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/file.h"
#include "conceptune/base/json.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::test {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;

class SettingFlags : public testing::Test {
 protected:
  SettingFlags() {
    std::string lines;
    for (int i = 0; i < 30; ++i) lines += fmt::format("{} {}\n", i, std::string(60, 'a'));
    write_file_atomically(folder_.path() / "corpus.txt", lines);
  }
  /// The options that a sample's card tells.
  Json options(std::vector<std::string> more) const {
    const std::string output = (folder_.path() / "sample").string();
    more.insert(more.begin(), {"corpus", (folder_.path() / "corpus.txt").string(), "-o", output, "--format",
                               "lines", "--held-out", "0", "--overwrite"});
    const auto result = run_program(more);
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    return parse_json(read_file(output + "/corpus.json", "reading"), "reading", output).at("options");
  }
  TemporaryFolder folder_;
};

TEST_F(SettingFlags, SetTheFieldAndSetOverridesThem) {
  const Json flags = options({"--passages", "7", "--text-key", "12", "--validation-fraction", "0.5"});
  EXPECT_EQ(flags.at("passages"), 7);
  EXPECT_EQ(flags.at("text_key"), "12");  // a string's value needs no quotes, whatever it looks like
  EXPECT_EQ(flags.at("validation_fraction"), 0.5);
  EXPECT_EQ(options({"--passages", "7", "--set", "passages=5", "--set", "passages=6"}).at("passages"), 6);
}

TEST_F(SettingFlags, ShowTheFieldsDefaultMeaningAndRange) {
  EXPECT_THAT(
      run_program({"corpus", "--help"}).output,
      HasSubstr(
          "  --passages INT=2000         Passages to sample for training and validation (at least 1)\n"));
  EXPECT_THAT(run_program({"train", "--help"}).output,
              ContainsRegex("--loss TEXT=paper +Objective to minimise \\(one of paper, blended, "));
  EXPECT_THAT(run_program({"fetch", "--help"}).output,
              ContainsRegex("--sha256 TEXT +SHA-256 that the file of a URL must have \\[default: none\\]"));
}

TEST_F(SettingFlags, RefuseWhatTheFieldDoesNotTake) {
  const auto errors = [](const std::vector<std::string>& more) {
    std::vector<std::string> words = {"eval", "--model", "absent.gguf", "--prompt", "Once"};
    words.insert(words.end(), more.begin(), more.end());
    const auto result = run_program(words);
    EXPECT_EQ(result.exit_code, 2);
    return result.errors;
  };
  EXPECT_EQ(errors({"--samples", "many"}),
            "conceptune: evaluating: --samples many: expected an integer, between 1 and 1000000\n");
  EXPECT_EQ(errors({"--leading-space", "on"}),
            "conceptune: evaluating: --leading-space on: expected true or false\n");
  EXPECT_EQ(
      errors({"--set", "convention.layers=1"}),
      "conceptune: evaluating: --set convention.layers=1: unknown key 'convention.layers', did you mean "
      "'convention.layer'?\n");
  // Taken, so that the model is what is missing.
  for (const std::vector<std::string>& right :
       std::vector<std::vector<std::string>>{{"--template", "{}"},
                                             {"--prompt", "5"},
                                             {"--layer", "-1"},
                                             {"--type", "bfloat16"},
                                             {"--set", "model.fused=false"}})
    EXPECT_THAT(errors(right), HasSubstr("absent.gguf")) << right.front();
}

TEST_F(SettingFlags, AreTakenByEveryCommandWithSettings) {
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{"corpus", "absent.txt", "-o", "o"},
                                             {"annotate", "absent.jsonl", "-m", "m", "-o", "o"},
                                             {"train", "-m", "m", "-d", "d", "-o", "o"},
                                             {"eval", "-m", "m", "--prompt", "a"}}) {
    auto words = command;
    words.insert(words.end(), {"--set", "no_such_key=1"});
    EXPECT_THAT(run_program(words).errors, HasSubstr("unknown key 'no_such_key'")) << command.front();
  }
}

}  // namespace
}  // namespace conceptune::test
