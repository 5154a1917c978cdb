#include "conceptune/results/substitution_measures.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/base/json.h"
#include "tests/support/inputs.h"

namespace conceptune::evaluation {
namespace {

constexpr double kTolerance = 1e-9;

const Json& golden() {
  static const Json document = read_json_file(test::source("tests/reference/substitution.json"), "test");
  return document;
}

std::vector<TargetScores> golden_scores() {
  std::vector<TargetScores> scores;
  for (const auto& target : golden()["targets"]) {
    std::vector<SubstituteVotes> judged;
    for (const auto& one : target["judged"]) judged.push_back({one[0], one[1], one[2]});
    scores.push_back(score_target(judged, target["proposed"].get<std::vector<std::string>>(), 10));
  }
  return scores;
}

TEST(SubstitutionMeasures, AreThoseOfTheBenchmarksScorer) {
  const auto scores = golden_scores();
  const auto pooled = pool(scores, {.samples = 10}, 1);
  for (std::size_t m = 0; m < kSubstitutionMeasures.size(); ++m) {
    const Json& expected = golden()["measures"][kSubstitutionMeasures[m]];
    EXPECT_NEAR(pooled.measures[m].f.value, expected["f"].get<double>(), kTolerance);
    EXPECT_NEAR(pooled.measures[m].precision.value, expected["precision"].get<double>(), kTolerance);
    EXPECT_NEAR(pooled.measures[m].recall.value, expected["recall"].get<double>(), kTolerance);
  }
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const Json& expected = golden()["gaps"][i];
    ASSERT_EQ(scores[i].gap.has_value(), !expected.is_null()) << i;
    if (scores[i].gap) {
      EXPECT_NEAR(*scores[i].gap, expected.get<double>(), kTolerance);
    }
  }
  EXPECT_NEAR(pooled.gap.value, golden()["gap"].get<double>(), kTolerance);
}

TEST(SubstitutionMeasures, CountTheFirstOnes) {
  const std::vector<SubstituteVotes> judged = {{"a", 10, 10}, {"b", 1, 10}, {"c", 5, 10}, {"d", 0, 3}};
  const auto scores = score_target(judged, {"x", "b", "a", "c"}, 2);
  EXPECT_EQ(scores.hits[0], (Hits{0, 2, 1}));  // strict: "x" takes a place; half of the judges are too few
  EXPECT_EQ(scores.hits[1], (Hits{1, 2, 1}));  // lenient: "x" does not count
  EXPECT_EQ(scores.hits[2], (Hits{1, 2, 2}));  // a tenth is enough; no more are wanted than counted
  EXPECT_EQ(scores.hits[3], (Hits{2, 2, 2}));
}

TEST(SubstitutionMeasures, SayHowSureTheyAre) {
  const auto scores = golden_scores();
  const auto pooled = pool(scores, {.samples = 400}, 2);
  const auto& f = pooled.measures[2].f;
  ASSERT_TRUE(f.interval);
  EXPECT_LT(f.interval->low, f.value);
  EXPECT_GT(f.interval->high, f.value);
  EXPECT_EQ(pool(scores, {.samples = 400}, 1).to_json(), pooled.to_json());
  EXPECT_EQ(pooled.to_json()["strict_conceivable"]["f"]["value"], f.value);
}

TEST(SubstitutionMeasures, ArePrintedWithTheirIntervals) {
  EXPECT_EQ((Figure{14.44, Interval{9.96, 15}}.text()), " 14.4 [10.0, 15.0]");
  EXPECT_EQ((Figure{100, {}}.text()), "100.0");
}

TEST(SubstitutionMeasures, AreZeroWhereNothingIsProposed) {
  const TargetScores nothing[] = {score_target({{"a", 10, 10}}, {}, 10)};
  const auto pooled = pool(nothing, {.samples = 5}, 1);
  EXPECT_EQ(pooled.measures[0].f.value, 0);
  EXPECT_EQ(pooled.measures[0].precision.value, 0);
  EXPECT_THROW(pool({}, {}, 1), InputError);
}

}  // namespace
}  // namespace conceptune::evaluation
