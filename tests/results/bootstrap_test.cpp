#include "conceptune/results/bootstrap.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "conceptune/base/json.h"
#include "conceptune/results/correlation.h"
#include "tests/support/inputs.h"

namespace conceptune::evaluation {
namespace {

const Json& golden() {
  static const Json document = read_json_file(test::source("tests/reference/statistics.json"), "test");
  return document;
}

constexpr double kTolerance = 1e-12;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

double mean_at(const std::vector<double>& values, std::span<const std::uint32_t> indices) {
  double sum = 0;
  for (auto i : indices) sum += values[i];
  return sum / static_cast<double>(indices.size());
}

/// The statistics of the golden file: Spearman of x and y, mean of y, mean of x.
Replicates golden_replicates(int threads) {
  const auto x = golden()["correlations"][0]["x"].get<std::vector<double>>();
  const auto y = golden()["correlations"][0]["y"].get<std::vector<double>>();
  const BootstrapOptions options{.samples = golden()["bootstrap"]["samples"],
                                 .seed = golden()["bootstrap"]["seed"]};
  const auto compute = [&](std::span<const std::uint32_t> indices, std::span<double> values) {
    std::vector<double> sample_x;
    std::vector<double> sample_y;
    for (auto i : indices) {
      sample_x.push_back(x[i]);
      sample_y.push_back(y[i]);
    }
    values[0] = spearman(sample_x, sample_y).value.value_or(kNan);
    values[1] = mean_at(y, indices);
    values[2] = mean_at(x, indices);
  };
  return bootstrap(x.size(), 3, options, compute, threads);
}

void expect_interval(const std::vector<double>& replicates, const char* name) {
  const Json& expected = golden()["bootstrap"];
  const auto interval = percentile_interval(replicates, expected["confidence"]);
  ASSERT_TRUE(interval) << name;
  EXPECT_NEAR(interval->low, expected[name][0].get<double>(), kTolerance) << name;
  EXPECT_NEAR(interval->high, expected[name][1].get<double>(), kTolerance) << name;
}

TEST(Bootstrap, AgreesWithNumpyOnTheSameResamples) {
  const Replicates replicates = golden_replicates(1);
  expect_interval(replicates.column(0), "spearman");
  expect_interval(replicates.column(1), "mean_y");
  expect_interval(replicates.difference(1, 2), "difference_y_x");
  EXPECT_NEAR(*two_sided_p(replicates.difference(1, 2)), golden()["bootstrap"]["p_difference"].get<double>(),
              kTolerance);
}

TEST(Bootstrap, DoesNotDependOnTheNumberOfThreads) {
  const Replicates one = golden_replicates(1);
  const Replicates three = golden_replicates(3);
  for (std::size_t statistic = 0; statistic < 3; ++statistic)
    EXPECT_EQ(one.column(statistic), three.column(statistic));
}

TEST(Bootstrap, PercentilesAreNumpys) {
  const auto values = golden()["percentiles"]["values"].get<std::vector<double>>();
  const Json& expected = golden()["percentiles"]["expected"];
  for (std::size_t i = 0; i < expected.size(); ++i)
    EXPECT_NEAR(percentile(values, golden()["percentiles"]["fractions"][i]), expected[i].get<double>(),
                kTolerance);
  EXPECT_EQ(percentile({3}, 0.5), 3);
}

TEST(Bootstrap, HasNoIntervalWhereTheStatisticIsOftenUndefined) {
  std::vector<double> replicates(100, 1.0);
  for (std::size_t i = 0; i < 5; ++i) replicates[i] = kNan;
  EXPECT_EQ(percentile_interval(replicates, 0.95), (Interval{1, 1}));
  replicates[5] = kNan;
  EXPECT_EQ(percentile_interval(replicates, 0.95), std::nullopt);
  EXPECT_EQ(two_sided_p({kNan}), std::nullopt);
}

TEST(Bootstrap, PValueIsNeverZeroAndAtMostOne) {
  EXPECT_DOUBLE_EQ(*two_sided_p(std::vector<double>(999, 0.5)), 2.0 / 1000);
  EXPECT_EQ(*two_sided_p(std::vector<double>(999, 0.0)), 1);
}

TEST(Bootstrap, HolmAdjusts) {
  const auto adjusted = holm_adjusted(golden()["holm"]["p"].get<std::vector<double>>());
  const auto expected = golden()["holm"]["adjusted"].get<std::vector<double>>();
  ASSERT_EQ(adjusted.size(), expected.size());
  for (std::size_t i = 0; i < adjusted.size(); ++i) EXPECT_NEAR(adjusted[i], expected[i], kTolerance);
  EXPECT_TRUE(holm_adjusted({}).empty());
}

}  // namespace
}  // namespace conceptune::evaluation
