// conceptune inspect, as a user runs it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/json.h"
#include "tests/concepts/judged.h"
#include "tests/support/gguf_builder.h"
#include "tests/support/inputs.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::test {
namespace {

using ::testing::HasSubstr;

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

TEST(InspectCommand, EndsWithTwoOnOtherFiles) {
  const TemporaryFolder folder;
  const auto result = run_program({"inspect", folder.write("notes.txt", "x").string()});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.errors, HasSubstr("notes.txt: expected a .gguf or .safetensors file"));
  EXPECT_EQ(run_program({"inspect", (folder.path() / "none.gguf").string()}).exit_code, 2);
}

}  // namespace
}  // namespace conceptune::test
