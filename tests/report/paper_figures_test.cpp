#include "conceptune/report/paper_figures.h"

#include <gtest/gtest.h>

#include "tests/report/paper_like_results.h"

namespace conceptune::report {
namespace {

std::vector<int> numbers_of(const std::vector<PaperFigure>& figures) {
  std::vector<int> numbers;
  for (const auto& figure : figures) numbers.push_back(figure.number);
  return numbers;
}

const PaperFigure& figure(const std::vector<PaperFigure>& figures, int number) {
  for (const auto& one : figures)
    if (one.number == number) return one;
  throw std::out_of_range("no such figure");
}

TEST(PaperFigures, AreAllThereForThePapersDesign) {
  const auto results = paper_like_results({"SmolLM2-135M", "SmolLM2-360M"}, 1, "wordnet");
  EXPECT_EQ(numbers_of(paper_figures(Design(results))),
            (std::vector<int>{3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}));
}

TEST(PaperFigures, AreThoseThatTheRunHasTheArmsFor) {
  auto results = paper_like_results({"SmolLM2-135M"}, 1, "wordnet");
  std::erase_if(results.arms, [](const auto& arm) { return arm.group != "concepts"; });
  EXPECT_EQ(numbers_of(paper_figures(Design(results))), (std::vector<int>{3, 4, 5, 9}));
}

TEST(PaperFigures, PanelsOfOneMetricShareTheirAxis) {
  const auto results = paper_like_results({"SmolLM2-135M"}, 1, "wordnet");
  const auto figures = paper_figures(Design(results));
  const auto& panels = figure(figures, 4).panels;
  ASSERT_EQ(panels.size(), 4U);
  ASSERT_TRUE(panels[0].y_range);
  EXPECT_EQ(panels[0].y_range, panels[1].y_range);
  EXPECT_NE(panels[0].y_range, panels[2].y_range);
  EXPECT_FALSE(figure(figures, 3).panels[0].y_range) << "benchmarks have scales of their own";
}

TEST(PaperFigures, LeaveNoiseOutWhereItWouldHideTheRest) {
  const auto results = paper_like_results({"SmolLM2-135M"}, 1, "wordnet");
  const auto figures = paper_figures(Design(results));
  for (const auto& curve : figure(figures, 12).panels[0].curves)
    for (const auto& point : curve.points) EXPECT_LT(point.y, 1000);
  EXPECT_EQ(figure(figures, 11).panels[0].curves[1].points.size(), 6U);  // base, five weights
}

TEST(PaperFigures, AverageProportionsOverModelsAndCorpora) {
  const auto results = paper_like_results({"SmolLM2-135M", "SmolLM2-360M"}, 1, "wordnet");
  const auto figures = paper_figures(Design(results));
  const Plot& men = figure(figures, 14).panels[0];
  ASSERT_EQ(men.curves.size(), 3U);
  EXPECT_EQ(men.curves[0].label, "last word");
  EXPECT_EQ(men.curves[2].label, "100 %");
  EXPECT_NEAR(men.curves[2].points[4].y, (0.3875 + 0.3936 + 0.3823 + 0.3817) / 4, 1e-12);
}

TEST(PaperFigures, QuoteThePaperForItsOwnModels) {
  const auto results = paper_like_results({"Llama-3.2-1B"}, 1, "prompt");
  const auto figures = paper_figures(Design(results));
  const auto& curves = figure(figures, 3).panels[0].curves;
  ASSERT_EQ(curves.size(), 4U);
  EXPECT_TRUE(curves[1].is_quoted);
  EXPECT_EQ(curves[1].points[4].y, 0.3875);
  EXPECT_EQ(curves[0].points[5].y, 0.3875) << "behind the base";
}

}  // namespace
}  // namespace conceptune::report
