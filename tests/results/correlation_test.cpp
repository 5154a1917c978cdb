#include "conceptune/results/correlation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "conceptune/base/json.h"
#include "conceptune/base/random.h"
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

// The twin that is sorted once agrees with the one that sorts each resample.
TEST(RankedSample, GivesSpearmanOfResamples) {
  Random random(3);
  std::vector<double> x, y;
  for (int i = 0; i < 200; ++i) {
    x.push_back(std::round(4 * random.normal()));  // with ties
    y.push_back(x.back() + 3 * random.normal());
  }
  const RankedSample ranked_x(x), ranked_y(y);
  for (int resample = 0; resample < 20; ++resample) {
    std::vector<std::uint32_t> times(x.size());
    std::vector<double> drawn_x, drawn_y;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const auto index = random.below(x.size());
      ++times[index];
      drawn_x.push_back(x[index]);
      drawn_y.push_back(y[index]);
    }
    EXPECT_NEAR(spearman_of_ranks(ranked_x.ranks(times), ranked_y.ranks(times), times),
                *spearman(drawn_x, drawn_y).value, 1e-12);
  }
  const std::vector<std::uint32_t> one_value = {5, 0, 0};
  const RankedSample three(std::vector<double>{1, 2, 3});
  EXPECT_TRUE(std::isnan(spearman_of_ranks(three.ranks(one_value), three.ranks(one_value), one_value)));
}

}  // namespace
}  // namespace conceptune::evaluation
