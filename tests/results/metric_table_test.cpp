#include "conceptune/results/metric_table.h"

#include <gtest/gtest.h>

namespace conceptune::evaluation {
namespace {

/// Means of three subjects' values on four items; the adapter is 1 above the base everywhere.
MetricTable means_table() {
  static const std::vector<std::vector<double>> values = {{1, 2, 3, 4}, {2, 3, 4, 5}, {4, 1, 3, 2}};
  return {
      .benchmark = "b",
      .convention = "c",
      .unit = "words",
      .resampled = "items",
      .n = 9,
      .items = 4,
      .subjects = {"base", "above", "shuffled"},
      .metrics = {"mean"},
      .points = {Statistic::of(2.5), Statistic::of(3.5), Statistic::of(2.5)},
      .compute = [](std::span<const std::uint32_t> indices, const std::vector<bool>&, std::span<double> out) {
        for (std::size_t s = 0; s < values.size(); ++s) {
          out[s] = 0;
          for (auto i : indices) out[s] += values[s][i] / static_cast<double>(indices.size());
        }
      }};
}

TEST(MetricTable, PairsTheDifferences) {
  const auto measurements = measure(means_table(), {});
  ASSERT_EQ(measurements.size(), 3U);
  EXPECT_TRUE(measurements[0].comparisons.empty());
  EXPECT_EQ(measurements[0].n, 9);
  EXPECT_EQ(measurements[0].resampled, "items");
  const Comparison& above = measurements[1].comparisons.at(0);
  EXPECT_EQ(above.reference, "base");
  EXPECT_EQ(above.difference, 1);
  // Paired: the difference is 1 on every resample, though the means themselves vary.
  EXPECT_NEAR(above.interval->low, 1, 1e-12);
  EXPECT_NEAR(above.interval->high, 1, 1e-12);
  EXPECT_DOUBLE_EQ(*above.p, 2.0 / 1001);
  EXPECT_GT(measurements[1].interval->high - measurements[1].interval->low, 1);
  const Comparison& shuffled = measurements[2].comparisons.at(0);
  EXPECT_LT(shuffled.interval->low, 0);
  EXPECT_GT(shuffled.interval->high, 0);
}

TEST(MetricTable, ComparesToEveryReferenceButItself) {
  ComparisonOptions options;
  options.references = {"base", "above", "absent"};
  const auto measurements = measure(means_table(), options);
  EXPECT_EQ(measurements[0].comparisons.size(), 1U);
  EXPECT_EQ(measurements[1].comparisons.size(), 1U);
  EXPECT_EQ(measurements[2].comparisons.size(), 2U);
  EXPECT_EQ(measurements[0].comparisons[0].difference, -1);
}

TEST(MetricTable, LeavesUndefinedPointsAlone) {
  MetricTable table = means_table();
  table.points[0] = Statistic::undefined("why");
  const auto measurements = measure(table, {});
  EXPECT_EQ(measurements[0].value.undefined_because, "why");
  EXPECT_FALSE(measurements[0].interval);
  EXPECT_TRUE(measurements[1].comparisons.empty());
  EXPECT_TRUE(measurements[1].interval);
}

TEST(MetricTable, AddsComparisonsOfOtherItems) {
  auto measurements = measure(means_table(), {});
  MetricTable table = means_table();
  table.resampled = "halves";
  add_comparisons(measurements, table, {});
  ASSERT_EQ(measurements[1].comparisons.size(), 2U);
  EXPECT_EQ(measurements[1].comparisons[1].unit, "halves");
}

}  // namespace
}  // namespace conceptune::evaluation
