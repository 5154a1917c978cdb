#include "conceptune/report/run_conditions.h"

#include <gtest/gtest.h>

namespace conceptune::report {
namespace {

experiment::StoredArm arm(const std::string& name, double weight, Json varied) {
  experiment::StoredArm made;
  made.name = name;
  made.group = "concepts";
  made.model = "m";
  made.objective = "paper";
  made.concept_weight = weight;
  made.varied = std::move(varied);
  return made;
}

TEST(RunConditions, AreCalledAsAnswersCallThem) {
  const std::vector<experiment::StoredArm> arms = {
      arm("concepts, seed 1, λ 0.5", 0.5, {{"training.seed", "seed 1"}}),
      arm("concepts, seed 11, λ 0.5", 0.5, {{"training.seed", "seed 11"}}),
      arm("seed 1", 0.5, {{"training.seed", "seed 1"}}),
      arm("concepts, λ 0.5", 0.5, {{"training.seed", "1"}})};
  const auto conditions = conditions_of(arms, "m");
  ASSERT_EQ(conditions.size(), 2U);
  EXPECT_EQ(conditions[0].name, "concepts, λ 0.5");
  EXPECT_EQ(conditions[0].arms.size(), 3U);  // the last one's only seed is not in its name
  EXPECT_EQ(conditions[1].name, "trained");
  EXPECT_TRUE(conditions_of(arms, "another").empty());
}

TEST(RunConditions, HaveNextTokenTrainingOfTheSameKindBeside) {
  const std::vector<experiment::StoredArm> arms = {
      arm("C4, λ 0", 0, {{"corpus.files", "C4"}}), arm("OWT, λ 0", 0, {{"corpus.files", "OWT"}}),
      arm("OWT, λ 1", 1, {{"corpus.files", "OWT"}}), arm("news, λ 1", 1, {{"corpus.files", "news"}})};
  const auto conditions = conditions_of(arms, "m");
  EXPECT_EQ(next_token_beside(conditions[2], conditions), &conditions[1]);
  EXPECT_EQ(next_token_beside(conditions[0], conditions), nullptr);
  EXPECT_EQ(next_token_beside(conditions[3], conditions), nullptr);
}

}  // namespace
}  // namespace conceptune::report
