#include "conceptune/results/correlation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "conceptune/base/json.h"
#include "tests/support/inputs.h"

namespace conceptune::evaluation {
namespace {

const Json& golden_cases() {
  static const Json document = read_json_file(test::source("tests/reference/statistics.json"), "test");
  return document["correlations"];
}

// scipy centres and normalises in the same order; what is left is the order of summation.
constexpr double kTolerance = 1e-12;

TEST(Correlation, AgreesWithScipy) {
  for (const Json& golden : golden_cases()) {
    const auto x = golden["x"].get<std::vector<double>>();
    const auto y = golden["y"].get<std::vector<double>>();
    EXPECT_NEAR(*pearson(x, y).value, golden["pearson"].get<double>(), kTolerance);
    EXPECT_NEAR(*spearman(x, y).value, golden["spearman"].get<double>(), kTolerance);
    EXPECT_NEAR(*kendall(x, y).value, golden["kendall"].get<double>(), kTolerance);
    EXPECT_EQ(average_ranks(x), golden["ranks_x"].get<std::vector<double>>());
  }
}

TEST(Correlation, IsSymmetric) {
  const auto x = golden_cases()[2]["x"].get<std::vector<double>>();
  const auto y = golden_cases()[2]["y"].get<std::vector<double>>();
  EXPECT_DOUBLE_EQ(*kendall(x, y).value, *kendall(y, x).value);
  EXPECT_DOUBLE_EQ(*spearman(x, y).value, *spearman(y, x).value);
}

TEST(Correlation, SaysWhyItIsUndefined) {
  const std::vector<double> constant = {2, 2, 2};
  const std::vector<double> rising = {1, 2, 3};
  const std::vector<double> broken = {1, std::numeric_limits<double>::quiet_NaN(), 3};
  for (const auto& correlation : {pearson, spearman, kendall}) {
    EXPECT_FALSE(correlation(constant, rising).value);
    EXPECT_EQ(correlation(rising, constant).undefined_because, "all values of one sample are equal");
    EXPECT_EQ(correlation(rising, broken).undefined_because, "a value is not a finite number");
    EXPECT_EQ(correlation(std::vector<double>{1}, std::vector<double>{2}).undefined_because,
              "fewer than two pairs");
    EXPECT_EQ(correlation({}, {}).undefined_because, "fewer than two pairs");
  }
}

}  // namespace
}  // namespace conceptune::evaluation
