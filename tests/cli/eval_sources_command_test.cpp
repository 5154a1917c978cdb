// conceptune eval-sources, as a user runs it.
#include <gtest/gtest.h>

#include "conceptune/base/json.h"
#include "tests/support/inputs.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::test {
namespace {

constexpr const char* kBenchmark =
    R"({"contexts": {"c": {"context": "She bought a red car."}},
        "targets": {"t": {"context_id": "c", "target": "car", "offset": 17, "pos": "NOUN"}},
        "substitutes": {"s": {"target_id": "t", "substitute": "auto"}, "r": {"target_id": "t", "substitute": "jet"}},
        "substitute_labels": {"s": ["TRUE", "TRUE"], "r": ["FALSE", "UNSURE"]}})";

class EvalSourcesCommandTest : public ::testing::Test {
 protected:
  void SetUp() override {
    CONCEPTUNE_REQUIRE(model_);
    CONCEPTUNE_REQUIRE(pipeline_);
    CONCEPTUNE_REQUIRE(std::filesystem::path("/usr/share/wordnet/data.noun"));
  }
  ProgramResult run(const char* benchmark, std::vector<std::string> further) const {
    std::vector<std::string> arguments = {"eval-sources",
                                          folder_.write("b.json", benchmark).string(),
                                          "-m",
                                          model_.string(),
                                          "--english-pipeline",
                                          pipeline_.string(),
                                          "--no-candidates"};
    arguments.insert(arguments.end(), further.begin(), further.end());
    return run_program(arguments);
  }

  std::filesystem::path model_ = input("SmolLM2-135M-Instruct.Q4_1.gguf");
  std::filesystem::path pipeline_ = input("en_core_web_sm");
  TemporaryFolder folder_;
};

TEST_F(EvalSourcesCommandTest, PrintsScoresAndKeepsItems) {
  const std::string items = (folder_.path() / "items.jsonl").string();
  const auto result = run(kBenchmark, {"--json", "-o", items});
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  const Json json = parse_json(result.output, "test", "output");
  EXPECT_EQ(json["benchmark"], "b");
  EXPECT_EQ(json["source"], "wordnet");
  EXPECT_EQ(json["coverage"]["answered"], 1);
  EXPECT_EQ(json["scores"]["strict_acceptable"]["recall"]["value"], 100);
  EXPECT_EQ(read_json_file(items, "test")["judged"],
            parse_json(R"({"auto": [2, 2], "jet": [0, 1]})", "test", "j"));
  EXPECT_EQ(run(kBenchmark, {"-o", items}).exit_code, 2);
  const auto again = run(kBenchmark, {"-o", items, "--overwrite"});
  ASSERT_EQ(again.exit_code, 0) << again.errors;
  EXPECT_NE(again.output.find("strict acceptable"), std::string::npos) << again.output;
  EXPECT_NE(again.output.find("1 of 1 targets: answered"), std::string::npos) << again.output;
}

TEST_F(EvalSourcesCommandTest, TakesTheSourceThatIsNamedWhateverElseIsSaid) {
  const auto result =
      run(kBenchmark, {"--source", "continuation", "--set", "continuation.words=2", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_EQ(parse_json(result.output, "test", "output")["source"], "continuation");
}

TEST_F(EvalSourcesCommandTest, RefusesWhatIsNoBenchmark) {
  const auto result = run("{}", {});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.errors.find("expected an object 'contexts'"), std::string::npos) << result.errors;
}

}  // namespace
}  // namespace conceptune::test
