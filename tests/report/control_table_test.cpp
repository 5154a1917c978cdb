#include "conceptune/report/control_table.h"

#include <gtest/gtest.h>

#include "conceptune/training/loss/losses.h"
#include "tests/report/sample_results.h"

namespace conceptune::report {
namespace {

experiment::StoredArm arm_of(std::string name, std::string objective, double weight, int seed) {
  experiment::StoredArm arm;
  arm.name = std::move(name);
  arm.model = "SmolLM2";
  arm.objective = std::move(objective);
  arm.concept_weight = weight;
  arm.varied = {{"training.seed", seed}, {"training.objective.concept_weight", weight}};
  return arm;
}

/// Two seeds of the concept loss, their controls, and the comparisons of every arm with every control.
experiment::Results results_with_controls() {
  experiment::Results results;
  for (const int seed : {1, 2}) {
    const std::string end = " seed " + std::to_string(seed);
    results.arms.push_back(arm_of("concepts" + end, "paper", 1, seed));
    results.arms.push_back(arm_of("plain" + end, "paper", 0, seed));
    results.arms.push_back(arm_of("content" + end, "content-ntp", 1, seed));
    results.arms.push_back(arm_of("weighted" + end, "weighted-ce", 0.5, seed));
  }
  results.arms.push_back(arm_of("random", "paper", 1, 1));
  results.arms.back().options = {{"variant", {{"noise", "paper"}}}};
  evaluation::Results evaluated;
  for (const auto& arm : results.arms)
    for (const char* metric : {"spearman", "kendall"}) {
      auto m = sample_measurement(arm.name, "simlex999", metric, 0.2);
      for (const auto& control : results.arms) {
        compare_with_base(m, 0.03);
        m.comparisons.back().reference = control.name;
      }
      evaluated.measurements.push_back(m);
    }
  results.evaluations.push_back({"SmolLM2", evaluated});
  return results;
}

TEST(ControlTable, SetsConceptsBesideTheContentOnlyArmsOfTheSameSeed) {
  const Table table = control_table(results_with_controls());
  ASSERT_EQ(table.rows.size(), 4U);  // two seeds, two controls, one main metric
  EXPECT_EQ(table.rows[0][1].text, "concepts seed 1");
  EXPECT_EQ(table.rows[0][2].text, "content seed 1");
  EXPECT_EQ(table.rows[1][2].text, "weighted seed 1");
  EXPECT_EQ(table.rows[3][1].text, "concepts seed 2");
  EXPECT_EQ(table.rows[0][3].text, "+0.0300");
  EXPECT_EQ(table.rows[0][3].tone, Tone::better);
}

TEST(ControlTable, ContentNtpHasTheSameWeight) {
  auto results = results_with_controls();
  for (auto& arm : results.arms)
    if (arm.objective == "content-ntp") arm.concept_weight = 0.5;
  EXPECT_EQ(control_table(results).rows.size(), 2U);
}

TEST(ControlTable, HasEveryLossWithSynonymsAndNoneThatIsUnknown) {
  auto results = results_with_controls();
  for (const auto& loss : training::Loss::all()) {
    if (!loss.rule().uses_synonyms) continue;
    for (auto& arm : results.arms)
      if (arm.name.starts_with("concepts")) arm.objective = loss.name();
    EXPECT_EQ(control_table(results).rows.size(), 4U) << loss.name();
  }
  for (auto& arm : results.arms)
    if (arm.name.starts_with("concepts")) arm.objective = "a loss of tomorrow";
  EXPECT_TRUE(control_table(results).rows.empty());
}

TEST(ControlTable, IsEmptyWithoutControls) { EXPECT_TRUE(control_table(sample_results()).rows.empty()); }

}  // namespace
}  // namespace conceptune::report
