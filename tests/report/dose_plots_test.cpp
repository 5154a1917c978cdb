#include "conceptune/report/dose_plots.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/report/paper_like_results.h"

namespace conceptune::report {
namespace {

TEST(DosePlots, FollowEachArmFromWeightToWeight) {
  const auto results = paper_like_results({"Llama 3.2 1B"}, 1, "prompt");
  const auto plots = dose_plots(results);
  ASSERT_EQ(plots.size(), 4U);  // two of each passage set
  EXPECT_EQ(plots[0].name, "dose-Llama-3.2-1B-C4-similarity");
  EXPECT_EQ(plots[1].name, "dose-Llama-3.2-1B-C4-perplexity");
  ASSERT_EQ(plots[0].curves.size(), 9U);  // four groups on two corpora, and the base
  const Curve& concepts = plots[0].curves[0];
  EXPECT_EQ(concepts.label, "concepts, C4");
  ASSERT_EQ(concepts.points.size(), 5U);
  const PlotPoint& last = concepts.points[4];
  EXPECT_EQ(last.text, "λ 1");
  EXPECT_DOUBLE_EQ(last.x, std::log(33.11));
  EXPECT_EQ(concepts.points[0].text, "");
  ASSERT_FALSE(plots[0].x_names.empty());
  EXPECT_EQ(plots[0].x_names[0], std::pair(std::log(40.0), std::string("40")));
  EXPECT_NEAR(last.y, (0.3875 + 0.1623 + 0.2659 + 0.6274) / 4, 1e-12);
  EXPECT_FALSE(last.low);
  EXPECT_EQ(plots[0].curves[6].label, "noise, C4");
  EXPECT_EQ(plots[0].curves[6].points.back().text, "λ 0.5") << "the rest is off the scale";
  EXPECT_TRUE(plots[1].curves[0].points[4].low);
  EXPECT_EQ(plots[0].curves[8].label, "base");
  EXPECT_DOUBLE_EQ(plots[0].curves[8].points.at(0).x, std::log(40.61));
}

TEST(DosePlots, NarrowAxesHaveRoundPlaces) {
  auto results = paper_like_results({"Llama 3.2 1B"}, 1, "prompt");
  for (auto& measurement : results.evaluations[0].results.measurements)
    if (measurement.metric == "content_perplexity")
      measurement.value.value = measurement.subject == evaluation::kBase ? 120.2 : 107.8;
  const auto plots = dose_plots(results);
  std::vector<std::string> names;
  for (const auto& [place, name] : plots[0].x_names) names.push_back(name);
  EXPECT_EQ(names, (std::vector<std::string>{"108", "110", "112", "114", "116", "118", "120"}));
}

TEST(DosePlots, ShowSimilarityInTheConfiguredConvention) {
  auto results = paper_like_results({"Llama 3.2 1B"}, 1, "prompt");
  auto& measurements = results.evaluations[0].results.measurements;
  const auto in_paper = measurements;
  for (auto measurement : in_paper) {
    if (measurement.metric != "spearman") continue;
    measurement.convention = "in-text";
    measurement.value.value = 0.5;
    measurements.push_back(measurement);
  }
  EXPECT_DOUBLE_EQ(dose_plots(results)[0].curves[0].points[4].y, 0.5);
}

TEST(DosePlots, JoinSeeds) {
  const auto results = paper_like_results({"Llama 3.2 1B"}, 3, "prompt");
  const auto plots = dose_plots(results);
  ASSERT_EQ(plots[0].curves[0].points.size(), 5U);
  EXPECT_NEAR(plots[0].curves[0].points[4].x, std::log(33.11 * 1.002), 1e-9);
}

}  // namespace
}  // namespace conceptune::report
