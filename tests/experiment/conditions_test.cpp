#include "conceptune/experiment/conditions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/experiment/written_experiment.h"

namespace conceptune::experiment {
namespace {

using testing::ElementsAre;

struct Read {
  explicit Read(const std::string& toml)
      : experiment(written.load(toml)),
        groups(group_by_evaluation(experiment.arms)),
        conditions(conditions_of(groups.at(0))) {}

  const Condition& called(const std::string& name) const {
    for (const auto& condition : conditions)
      if (condition.name == name) return condition;
    throw InputError("no condition " + name);
  }

  WrittenExperiment written;
  Experiment experiment;
  std::vector<EvaluationGroup> groups;
  std::vector<Condition> conditions;
};

TEST(Conditions, JoinTheSeedsOfArmsThatDifferInNothingElse) {
  const Read read(kStudy);
  std::vector<std::string> names;
  for (const auto& condition : read.conditions) names.push_back(condition.name);
  EXPECT_THAT(names, ElementsAre("concepts, λ 0.5", "concepts, λ 1.0", "content-only, λ 0.5",
                                 "content-only, λ 1.0", "next-token"));
  EXPECT_EQ(read.conditions[0].arms.size(), 3U);
  EXPECT_EQ(read.conditions[4].arms.size(), 2U);
  EXPECT_EQ(read.conditions[4].arms.at("3")->name, "next-token, seed 3");
}

TEST(Conditions, KnowConceptsFromControls) {
  const Read read(kStudy +
                  "[[arms]]\nname = \"noise\"\nvariant.noise = \"paper\"\n"
                  "[[arms]]\nname = \"weighted\"\ntraining.objective.loss = \"weighted-ce\"\n");
  EXPECT_TRUE(read.called("concepts, λ 0.5").has_concepts());
  EXPECT_TRUE(read.called("content-only, λ 0.5").is_control());
  EXPECT_TRUE(read.called("next-token").is_next_token());
  EXPECT_TRUE(read.called("noise, λ 1.0").is_control());
  EXPECT_FALSE(read.called("weighted, λ 1.0").concept_weight());
  EXPECT_TRUE(read.called("weighted, λ 1.0").is_control());
}

TEST(Conditions, PairAtOneWeightAndWithWhatHasNone) {
  const Read read(kStudy + "[[arms]]\nname = \"weighted\"\ntraining.objective.loss = \"weighted-ce\"\n");
  const auto& half = read.called("concepts, λ 0.5");
  EXPECT_TRUE(pair_up(half, read.called("content-only, λ 0.5"), {"content-only"}));
  EXPECT_FALSE(pair_up(half, read.called("content-only, λ 1.0"), {"content-only"}));
  EXPECT_TRUE(pair_up(half, read.called("content-only, λ 1.0"), {"content-only, λ 1.0"}));
  EXPECT_TRUE(pair_up(half, read.called("next-token"), {}));
  EXPECT_TRUE(pair_up(half, read.called("weighted, λ 1.0"), {}));
}

TEST(Conditions, PairWhereTheRestOfTheGridAgrees) {
  const Read read(
      "[model]\npath = \"m\"\n[grid]\ntraining.epochs = [1, 2]\ntraining.objective.concept_weight = [0.0, "
      "1.0]\n");
  EXPECT_TRUE(pair_up(read.called("epochs 1, λ 1.0"), read.called("epochs 1, λ 0.0"), {}));
  EXPECT_FALSE(pair_up(read.called("epochs 1, λ 1.0"), read.called("epochs 2, λ 0.0"), {}));
}

}  // namespace
}  // namespace conceptune::experiment
