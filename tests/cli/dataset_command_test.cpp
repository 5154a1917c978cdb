// conceptune dataset, as a user runs it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/json.h"
#include "tests/concepts/judged.h"
#include "tests/support/inputs.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::test {
namespace {

using ::testing::HasSubstr;

TEST(DatasetCommand, ImportsReducesCombinesAndExports) {
  const auto model = input("SmolLM2-135M-Instruct.Q4_1.gguf");
  CONCEPTUNE_REQUIRE(model);
  const TemporaryFolder folder;
  const auto at = [&](const char* name) { return (folder.path() / name).string(); };
  folder.write("in.jsonl", R"({"input_sequence": "She bought a red car.", "content_word_responses": [)"
                           R"({"word": "car", "position": 4, "synonyms": ["vehicle", "truck"]}]})"
                           "\n");
  ASSERT_EQ(run_program({"dataset", "import", at("in.jsonl"), "-m", model.string(), "-o", at("a")}).exit_code,
            0);
  ASSERT_EQ(run_program({"dataset", "limit", at("a"), "--count", "1", "-o", at("b")}).exit_code, 0);
  const auto result = run_program({"dataset", "intersect", at("a"), at("b"), "-o", at("c"), "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_EQ(parse_json(result.output, "test", "output")["synonyms"], 1);
  EXPECT_EQ(run_program({"dataset", "export", at("c"), "-o", at("out.jsonl")}).exit_code, 0);
  EXPECT_TRUE(std::filesystem::exists(at("out.jsonl")));
}

TEST(DatasetCommand, BringsPeoplesJudgementsTogether) {
  const TemporaryFolder folder;
  const auto at = [&](const char* name) { return (folder.path() / name).string(); };
  write_dataset(at("d"), {judged_record()});
  const std::string id = concepts::dataset_identity(at("d"));
  folder.write("ann.tsv", kJudgementHead +
                              judged_row(id, "ann", 4, "quick", "ADJ", "fast|swift", "swift", "live") +
                              judged_row(id, "ann", 10, "cat", "NOUN", "feline", "", ""));
  folder.write("bob.tsv",
               kJudgementHead + judged_row(id, "b\x1b[2Job", 4, "quick", "ADJ", "fast|live", "", "rapid"));
  const auto told = run_program({"dataset", "agree", at("ann.tsv"), at("bob.tsv"), "--dataset", at("d")});
  ASSERT_EQ(told.exit_code, 0) << told.errors;
  EXPECT_THAT(told.output,
              HasSubstr("2 sets, 1 of them judged by several; 4 candidates, 2 of them decided by several"));
  EXPECT_THAT(told.output, HasSubstr("Krippendorff's alpha 0.000"));
  EXPECT_THAT(told.output, HasSubstr("1 of 2 candidates alike in 1 sets"));
  EXPECT_THAT(told.output, HasSubstr("live: accepted by b\\u001b[2Job; rejected by ann"));
  EXPECT_THAT(told.output, HasSubstr("swift: added by ann"));
  const auto json =
      run_program({"dataset", "agree", at("ann.tsv"), at("bob.tsv"), "--json", "--disputes", "0"});
  EXPECT_EQ(parse_json(json.output, "test", "output")["disputed_sets"], 1);
  const auto merged =
      run_program({"dataset", "adjudicate", at("ann.tsv"), at("bob.tsv"), "-o", at("all.tsv"), "--json"});
  ASSERT_EQ(merged.exit_code, 0) << merged.errors;
  EXPECT_EQ(parse_json(merged.output, "test", "output")["ties"], 1);
  EXPECT_EQ(run_program({"dataset", "adjudicate", at("ann.tsv"), "-o", at("all.tsv")}).exit_code, 2);
  const auto again = run_program({"dataset", "agree", at("all.tsv")});
  EXPECT_EQ(again.exit_code, 2);
  EXPECT_THAT(again.errors, HasSubstr("line 2: judged by 2 people"));
  EXPECT_EQ(
      run_program({"dataset", "sample", at("d"), "--passages", "1", "--words", "1", "-o", at("s")}).exit_code,
      0);
  const auto other = run_program({"dataset", "agree", at("ann.tsv"), "--dataset", at("s")});
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_THAT(other.errors, HasSubstr("another dataset, or another version of it"));
}

TEST(DatasetCommand, ComparesADatasetWithPeople) {
  const TemporaryFolder folder;
  const auto at = [&](const char* name) { return (folder.path() / name).string(); };
  write_dataset(at("d"), {judged_record()});
  folder.write("people.tsv", "word\tpos\tsynonyms\tpassage\nquick\tADJ\tfast|swift\t\n");
  const auto told = run_program({"dataset", "compare", at("d"), at("people.tsv")});
  ASSERT_EQ(told.exit_code, 0) << told.errors;
  EXPECT_THAT(told.output, HasSubstr("words have a row; percent:"));
  EXPECT_THAT(told.output, HasSubstr("strict   F "));
  const auto json = run_program({"dataset", "compare", at("d"), at("people.tsv"), "--json"});
  EXPECT_EQ(parse_json(json.output, "test", "output")["compared"], 1);
  EXPECT_EQ(run_program({"dataset", "compare", at("d"), at("absent.tsv")}).exit_code, 2);
}

TEST(DatasetCommand, EndsWithTwoOnBadInput) {
  EXPECT_EQ(run_program({"dataset"}).exit_code, 2);
  const auto result = run_program({"dataset", "limit", "absent", "--count", "1", "-o", "out"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.errors.find("absent: No such file or directory"), std::string::npos) << result.errors;
}

}  // namespace
}  // namespace conceptune::test
