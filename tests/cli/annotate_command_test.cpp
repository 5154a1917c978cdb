// conceptune annotate, as a user runs it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "conceptune/base/json.h"
#include "conceptune/corpus/passage.h"
#include "tests/support/inputs.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::test {
namespace {

class AnnotateCommandTest : public ::testing::Test {
 protected:
  void SetUp() override {
    CONCEPTUNE_REQUIRE(model_);
    CONCEPTUNE_REQUIRE(pipeline_);
    CONCEPTUNE_REQUIRE(std::filesystem::path("/usr/share/wordnet/data.noun"));
    passages_ =
        folder_.write("passages.jsonl", "{\"text\": \"She bought a red car from her old neighbour.\"}\n");
  }
  std::string at(const char* name) const { return (folder_.path() / name).string(); }
  /// Runs with WordNet alone, which needs no model's answers.
  ProgramResult annotate(const std::string& output, std::vector<std::string> further = {}) const {
    std::vector<std::string> arguments = {"annotate",           passages_.string(), "-m", model_.string(),
                                          "--english-pipeline", pipeline_.string(), "-o", output,
                                          "--no-candidates"};
    arguments.insert(arguments.end(), further.begin(), further.end());
    return run_program(arguments);
  }

  std::filesystem::path model_ = input("SmolLM2-135M-Instruct.Q4_1.gguf");
  std::filesystem::path pipeline_ = input("en_core_web_sm");
  TemporaryFolder folder_;
  std::filesystem::path passages_;
};

TEST_F(AnnotateCommandTest, WritesADatasetThatInspectShows) {
  const auto result = annotate(at("d"), {"--json", "--set", "wordnet.senses=1"});
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_EQ(parse_json(result.output, "test", "output")["passages"], 1);
  const auto shown = run_program({"inspect", at("d"), "--html", at("page.html")});
  ASSERT_EQ(shown.exit_code, 0) << shown.errors;
  EXPECT_NE(shown.output.find("*car* (NOUN): auto"), std::string::npos) << shown.output;
  EXPECT_TRUE(std::filesystem::exists(at("page.html")));
}

TEST_F(AnnotateCommandTest, WarnsOfWhatTheSourceDoesNotRead) {
  const auto result =
      annotate(at("d"), {"--set", "prompt.max_new_tokens=5", "--set", "continuation.words=9"});
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_NE(
      result.errors.find("set, but not read by source wordnet: prompt.max_new_tokens, continuation.words"),
      std::string::npos)
      << result.errors;
  EXPECT_EQ(annotate(at("e")).errors.find("not read"), std::string::npos);
}

TEST_F(AnnotateCommandTest, TakesWhatPeopleJudgedAndTellsIt) {
  const std::string id = corpus::passage_id("She bought a red car from her old neighbour.");
  folder_.write("judged.tsv",
                fmt::format("dataset\tannotator\tpassage\tbegin\tword\tpos\tsynonyms\tadded\trejected\n"
                            "0123456789abcdef\tann|bob\t{}\t17\tcar\tNOUN\tauto|motor car\tmotor car\tvan\n",
                            id));
  const auto result = annotate(at("d"), {"--source", "file", "--table", at("judged.tsv"), "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  const Json statistics = parse_json(result.output, "test", "output");
  EXPECT_EQ(statistics["synonyms"], 2);
  EXPECT_EQ(statistics["seen_by_people"], Json({{"words", 1}, {"by_several", 1}}));
  const auto card = run_program({"inspect", at("d"), "--json"});
  EXPECT_EQ(parse_json(card.output, "test", "output")["made_from"]["annotators"],
            Json::array({"ann", "bob"}));
}

TEST_F(AnnotateCommandTest, RefusesWrongSettings) {
  const auto unknown = annotate(at("d"), {"--set", "wordnet.sense=1"});
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_NE(unknown.errors.find("did you mean 'wordnet.senses'?"), std::string::npos) << unknown.errors;
  EXPECT_EQ(annotate(at("d"), {"--set", "wordnet.depth=0"}).exit_code, 2);
  EXPECT_EQ(annotate(at("d"), {"--shard", "3/2"}).exit_code, 2);
  EXPECT_FALSE(std::filesystem::exists(at("d")));
}

TEST_F(AnnotateCommandTest, ShardsMergeToTheWhole) {
  ASSERT_EQ(annotate(at("whole")).exit_code, 0);
  ASSERT_EQ(annotate(at("0"), {"--shard", "1/2"}).exit_code, 0);
  ASSERT_EQ(annotate(at("1"), {"--shard", "2/2"}).exit_code, 0);
  ASSERT_EQ(run_program({"dataset", "merge", at("1"), at("0"), "-o", at("merged")}).exit_code, 0);
  EXPECT_EQ(run_program({"inspect", at("merged"), "--json"}).output,
            run_program({"inspect", at("whole"), "--json"}).output);
}

}  // namespace
}  // namespace conceptune::test
