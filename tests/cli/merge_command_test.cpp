// conceptune merge on the real model.
#include <gtest/gtest.h>

#include "conceptune/base/json.h"
#include "conceptune/runtime/model/lora.h"
#include "conceptune/runtime/weights/weight_store.h"
#include "tests/support/inputs.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::test {
namespace {

TEST(MergeCommand, WritesAModelAndMeasuresItsLogits) {
  const auto model = input("SmolLM2-135M-Instruct.Q4_1.gguf");
  CONCEPTUNE_REQUIRE(model);
  const TemporaryFolder folder;
  const auto config = weights::WeightStore::open(model)->config();
  model::save_adapter(folder.path() / "adapter", model::LoraAdapter(config, {}, 1), "base", "text");
  const std::string output = folder.path() / "merged.gguf";
  const std::vector<std::string> command = {
      "merge",  "--model", model,      "--adapter", folder.path() / "adapter",
      "--type", "q8_0",    "--output", output,      "--json"};
  const auto result = run_program(command);
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  const Json summary = parse_json(result.output, "reading", "output");
  EXPECT_GT(summary["largest_logit_difference"], 0);
  EXPECT_LT(summary["mean_logit_difference"], 0.2);
  const auto again = run_program(command);
  EXPECT_EQ(again.exit_code, 2);
  EXPECT_NE(again.errors.find("exists"), std::string::npos);
}

TEST(MergeCommand, RefusesATypeThatTheFormatLacksBeforeItWrites) {
  const auto model = input("SmolLM2-135M-Instruct.Q4_1.gguf");
  CONCEPTUNE_REQUIRE(model);
  const TemporaryFolder folder;
  // No adapter is there either: what the output must be is said first.
  const auto result = run_program({"merge", "--model", model, "--adapter", folder.path() / "adapter",
                                   "--type", "q8_0", "--output", folder.path() / "merged"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.errors.find("merged: the type is q8_0, expected f32, f16 or bf16 in a folder"),
            std::string::npos)
      << result.errors;
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace conceptune::test
