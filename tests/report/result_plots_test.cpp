#include "conceptune/report/result_plots.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/report/sample_results.h"

namespace conceptune::report {
namespace {

TEST(MetricPlots, OneForEachMetricThatHasValues) {
  const auto plots = metric_plots(sample_results(), true);
  ASSERT_EQ(plots.size(), 2u);  // the undefined metric has nothing to draw
  EXPECT_EQ(plots[0].name, "simlex999-spearman");
  ASSERT_EQ(plots[0].curves.size(), 1u);
  ASSERT_EQ(plots[0].curves[0].points.size(), 3u);
  EXPECT_EQ(plots[0].curves[0].points[1].x, 0.5);
  EXPECT_DOUBLE_EQ(*plots[0].curves[0].points[1].low,
                   0.25);  // a base of 0.26 - 0.04 = 0.22 and a difference of at least 0.03
  ASSERT_EQ(plots[0].levels.size(), 1u);
  EXPECT_EQ(plots[0].levels[0].y, 0.2);
}

TEST(MetricPlots, SeedsShareAPointAndGroupsHaveTheirOwnCurve) {
  auto results = sample_results();
  auto seed = results.arms[1];
  seed.name = "seed 2";
  seed.varied["training.seed"] = 2;
  auto control = results.arms[1];
  control.name = control.group = "control";
  results.arms.push_back(seed);
  results.arms.push_back(control);
  auto& measurements = results.evaluations[0].results.measurements;
  measurements.push_back(sample_measurement("seed 2", "simlex999", "spearman", 0.36));
  measurements.push_back(sample_measurement("control", "simlex999", "spearman", 0.1));
  const Plot plot = metric_plots(results, true)[0];
  ASSERT_EQ(plot.curves.size(), 2u);
  EXPECT_EQ(plot.curves[0].label, "control");
  const PlotPoint mean = plot.curves[1].points[1];
  EXPECT_DOUBLE_EQ(mean.y, 0.31);
  EXPECT_FALSE(mean.low) << "two seeds tell little";
  seed.name = "seed 3";
  results.arms.push_back(seed);
  results.evaluations[0].results.measurements.push_back(
      sample_measurement("seed 3", "simlex999", "spearman", 0.31));
  const PlotPoint of_three = metric_plots(results, true)[0].curves[1].points[1];
  ASSERT_TRUE(of_three.low && of_three.high);
  EXPECT_NEAR(*of_three.high - of_three.y, 4.302652729696 * 0.05 / std::sqrt(3), 1e-9);
}

TEST(LossPlots, AverageLongCurves) {
  const auto plots = loss_plots(sample_results().losses);
  ASSERT_EQ(plots.size(), 1u);
  EXPECT_EQ(plots[0].title, "train: next token loss");
  ASSERT_EQ(plots[0].curves.size(), 3u);
  EXPECT_EQ(plots[0].curves[0].points.size(), 100u);
  EXPECT_DOUBLE_EQ(plots[0].curves[0].points[0].x, 2);
}

}  // namespace
}  // namespace conceptune::report
