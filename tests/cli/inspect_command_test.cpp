// conceptune inspect, as a user runs it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/json.h"
#include "tests/concepts/judged.h"
#include "tests/support/gguf_builder.h"
#include "tests/support/inputs.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_model.h"

namespace conceptune::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(InspectCommand, ListsARealModel) {
  const auto path = input("SmolLM2-135M-Instruct.Q4_1.gguf");
  CONCEPTUNE_REQUIRE(path);
  const auto result = run_program({"inspect", path.string(), "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  const Json facts = parse_json(result.output, "test", "output");
  EXPECT_EQ(facts["kind"], "GGUF");
  EXPECT_EQ(facts["obstacle"], nullptr);
  EXPECT_EQ(facts["metadata"]["llama.block_count"], 30);
  EXPECT_EQ(facts["tensors"][0]["shape"], Json::array({49152, 576}));
  EXPECT_EQ(facts["totals"]["parameters"], 134515008);
}

TEST(InspectCommand, SaysWhyAFileCannotBeUsedAndKeepsItsTextHarmless) {
  const TemporaryFolder folder;
  const auto path = folder.write(
      "m.gguf", GgufBuilder().string("general.architecture", "mamba").string("evil", "\x1b[2J").content());
  const auto result = run_program({"inspect", path.string()});
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.output, HasSubstr("unknown architecture 'mamba'"));
  EXPECT_THAT(result.output, HasSubstr("\\u001b[2J"));
}

TEST(InspectCommand, WritesThePageOfADataset) {
  const TemporaryFolder folder;
  const auto at = [&](const char* name) { return (folder.path() / name).string(); };
  write_dataset(at("d"), {judged_record()});
  EXPECT_EQ(run_program({"inspect", at("d"), "--html", at("p.html"), "--sources", at("d")}).exit_code, 0);
  EXPECT_TRUE(std::filesystem::exists(at("p.html")));
  const auto result = run_program({"inspect", at("d"), "--sources", at("d")});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.errors, HasSubstr("--sources: expected --html"));
}

TEST(InspectCommand, KnowsWhatTheProgramMakes) {
  const TemporaryFolder folder;
  const auto at = [&](const char* name) { return (folder.path() / name).string(); };
  folder.write("text.txt", tiny_text(20));
  ASSERT_EQ(
      run_program({"corpus", at("text.txt"), "--passages", "5", "--held-out", "2", "-o", at("c")}).exit_code,
      0);
  const auto corpus = run_program({"inspect", at("c")});
  EXPECT_EQ(corpus.exit_code, 0) << corpus.errors;
  EXPECT_THAT(corpus.output, StartsWith("sample of passages\n"));
  EXPECT_THAT(run_program({"inspect", at("c/train.jsonl")}).errors,
              HasSubstr("is part of a folder that holds a sample of passages; expected that folder"));
  EXPECT_THAT(corpus.output, HasSubstr("  counts.held_out                      2\n"));

  write_tiny_model(at("m"));
  EXPECT_THAT(run_program({"train", "-m", at("m"), "-d", at("c"), "-o", at("t")}).errors,
              HasSubstr("c: is a sample of passages, expected the folder of a concept dataset"));
  folder.write("pairs.tsv", "dog\thound\t9\ncat\thouse\t1\nbig\tlarge\t9\n");
  ASSERT_EQ(
      run_program({"eval", "-m", at("m"), "--benchmark", at("pairs.tsv"), "--samples", "5", "-o", at("e")})
          .exit_code,
      0);
  const auto results = run_program({"inspect", at("e"), "--json"});
  EXPECT_EQ(results.exit_code, 0) << results.errors;
  const Json facts = parse_json(results.output, "test", "output");
  EXPECT_EQ(facts["finished"], true);
  EXPECT_EQ(facts["facts"]["subjects"], Json::array({"base"}));
  EXPECT_EQ(facts["facts"]["items"]["pairs"], 3);

  // As a training that was stopped leaves it.
  std::filesystem::create_directory(at("r"));
  folder.write("r/run.json", R"({"version": 1, "options": {"seed": 7}, "parameters": {"x": [1]}})");
  const auto run = run_program({"inspect", at("r")});
  EXPECT_EQ(run.exit_code, 0) << run.errors;
  EXPECT_THAT(run.output, HasSubstr(", not finished\n"));
  EXPECT_THAT(run.output, HasSubstr("  options.seed                         7\n"));
  EXPECT_THAT(run.output, Not(HasSubstr("parameters")));
}

TEST(InspectCommand, EndsWithTwoOnOtherFiles) {
  const TemporaryFolder folder;
  const auto result = run_program({"inspect", folder.write("notes.txt", "x").string()});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.errors, HasSubstr("notes.txt: expected a .gguf or .safetensors file"));
  EXPECT_EQ(run_program({"inspect", (folder.path() / "none.gguf").string()}).exit_code, 2);
}

}  // namespace
}  // namespace conceptune::test
