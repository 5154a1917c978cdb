#include "conceptune/experiment/evaluation_group.h"

#include <gtest/gtest.h>

namespace conceptune::experiment {
namespace {

Arm arm(std::string name, std::filesystem::path model) {
  Arm made;
  made.name = std::move(name);
  made.config.model.path = std::move(model);
  return made;
}

TEST(GroupByEvaluation, KeepsTheOrderOfModelsAndArms) {
  const std::vector<Arm> arms = {arm("a", "/m/one.gguf"), arm("b", "/m/two.gguf"), arm("c", "/m/one.gguf")};
  const auto groups = group_by_evaluation(arms);
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].model, "one");
  ASSERT_EQ(groups[0].arms.size(), 2u);
  EXPECT_EQ(groups[0].arms[1]->name, "c");
  EXPECT_EQ(groups[1].model, "two");
}

TEST(GroupByEvaluation, ModelsOfOneFileNameHaveDifferentLabels) {
  const std::vector<Arm> arms = {arm("a", "/x/m.gguf"), arm("b", "/y/m.gguf")};
  const auto groups = group_by_evaluation(arms);
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_NE(groups[0].model, groups[1].model);
}

TEST(GroupByEvaluation, VersionsInTheNamesOfModelsAreNoEndings) {
  const std::vector<Arm> arms = {arm("a", "/m/Llama-3.2-1B"), arm("b", "/m/Llama-3.2-3B")};
  const auto groups = group_by_evaluation(arms);
  EXPECT_EQ(groups.at(0).model, "Llama-3.2-1B");
  EXPECT_EQ(groups.at(1).model, "Llama-3.2-3B");
}

TEST(GroupByEvaluation, ArmsShareATableOnlyUnderTheSameSettings) {
  std::vector<Arm> arms = {arm("a", "/m/one.gguf"), arm("b", "/m/one.gguf"), arm("c", "/m/one.gguf")};
  arms[1].config.evaluation.options.convention.layer = 0;
  arms[2].config.evaluation.options.tokens_per_batch = 7;  // decides cost alone
  const auto groups = group_by_evaluation(arms);
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].model, "one, layer -1");
  EXPECT_EQ(groups[0].arms, (std::vector<const Arm*>{&arms[0], &arms[2]}));
  EXPECT_EQ(groups[1].model, "one, layer 0");
}

TEST(GroupByEvaluation, TheModelsNumbersAreSettingsOfItsEvaluation) {
  std::vector<Arm> arms = {arm("a", "/m/one.gguf"), arm("b", "/m/one.gguf")};
  arms[1].config.model.decoder.type = model::DataType::bfloat16;
  EXPECT_EQ(group_by_evaluation(arms).size(), 2u);
  arms[1].config.model.decoder.type = model::DataType::float32;
  arms[1].config.model.decoder.memory = model::WeightMemory::compact;
  EXPECT_EQ(group_by_evaluation(arms).size(), 1u);
}

}  // namespace
}  // namespace conceptune::experiment
