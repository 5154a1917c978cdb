#include "conceptune/results/similarity_measures.h"

#include <gtest/gtest.h>

namespace conceptune::evaluation {
namespace {

TEST(SimilarityMeasures, GivesEveryCorrelationOfEverySubject) {
  const std::vector<double> scores = {1, 2, 3, 4, 5};
  const auto measurements =
      measure(similarity_table("set", "paper", scores,
                               {{"base", {5, 4, 3, 2, 1}}, {"good", {0.1, 0.2, 0.3, 0.4, 0.9}}}),
              {});
  ASSERT_EQ(measurements.size(), 6U);
  EXPECT_EQ(measurements[0].metric, "spearman");
  EXPECT_DOUBLE_EQ(*measurements[0].value.value, -1);
  EXPECT_EQ(measurements[3].subject, "good");
  EXPECT_DOUBLE_EQ(*measurements[3].value.value, 1);
  EXPECT_LT(*measurements[4].value.value, 1);
  EXPECT_EQ(measurements[5].metric, "kendall");
  EXPECT_EQ(measurements[3].n, 5);
  EXPECT_DOUBLE_EQ(measurements[3].comparisons.at(0).difference, 2);
}

TEST(SimilarityMeasures, SaysThatConstantScoresHaveNoCorrelation) {
  const auto measurements = measure(similarity_table("set", "paper", {3, 3, 3}, {{"base", {1, 2, 3}}}), {});
  for (const auto& m : measurements) {
    EXPECT_FALSE(m.value.value);
    EXPECT_EQ(m.value.undefined_because, "all values of one sample are equal");
    EXPECT_FALSE(m.interval);
  }
}

}  // namespace
}  // namespace conceptune::evaluation
