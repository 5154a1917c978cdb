#include "conceptune/experiment/stages.h"

#include <gtest/gtest.h>

namespace conceptune::experiment {
namespace {

Arm arm(std::string name, std::filesystem::path model) {
  Arm made;
  made.name = std::move(name);
  made.config.model.path = std::move(model);
  return made;
}

TEST(GroupByModel, KeepsTheOrderOfModelsAndArms) {
  const std::vector<Arm> arms = {arm("a", "/m/one.gguf"), arm("b", "/m/two.gguf"), arm("c", "/m/one.gguf")};
  const auto groups = group_by_model(arms);
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].model, "one");
  ASSERT_EQ(groups[0].arms.size(), 2u);
  EXPECT_EQ(groups[0].arms[1]->name, "c");
  EXPECT_EQ(groups[1].model, "two");
}

TEST(GroupByModel, ModelsOfOneFileNameHaveDifferentLabels) {
  const std::vector<Arm> arms = {arm("a", "/x/m.gguf"), arm("b", "/y/m.gguf")};
  const auto groups = group_by_model(arms);
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_NE(groups[0].model, groups[1].model);
}

}  // namespace
}  // namespace conceptune::experiment
