// conceptune dataset, as a user runs it.
#include <gtest/gtest.h>

#include "conceptune/base/json.h"
#include "tests/support/inputs.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::test {
namespace {

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

TEST(DatasetCommand, EndsWithTwoOnBadInput) {
  EXPECT_EQ(run_program({"dataset"}).exit_code, 2);
  const auto result = run_program({"dataset", "limit", "absent", "--count", "1", "-o", "out"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.errors.find("absent/dataset.json"), std::string::npos) << result.errors;
}

}  // namespace
}  // namespace conceptune::test
