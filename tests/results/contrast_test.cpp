#include "conceptune/results/contrast.h"

#include <gtest/gtest.h>

#include <cmath>

#include "conceptune/base/random.h"
#include "conceptune/results/verdict.h"

namespace conceptune::evaluation {
namespace {

using Values = std::vector<std::vector<double>>;  // by subject, then item

/// Means of each subject's values.
MetricTable table_of_means(std::string benchmark, std::vector<std::string> subjects, Values values) {
  MetricTable table{.benchmark = std::move(benchmark),
                    .convention = {},
                    .unit = "items",
                    .resampled = "items",
                    .n = 0,
                    .items = values.front().size(),
                    .subjects = std::move(subjects),
                    .metrics = {"mean"},
                    .points = {},
                    .compute = {}};
  for (const auto& of_subject : values) {
    double sum = 0;
    for (const double value : of_subject) sum += value;
    table.points.push_back(Statistic::of(sum / static_cast<double>(of_subject.size())));
  }
  table.compute = [values = std::move(values)](std::span<const std::uint32_t> indices,
                                               const std::vector<bool>& wanted, std::span<double> out) {
    for (std::size_t s = 0; s < values.size(); ++s) {
      if (!wanted[s]) continue;
      out[s] = 0;
      for (const auto i : indices) out[s] += values[s][i] / static_cast<double>(indices.size());
    }
  };
  return table;
}

/// Values 0, 1, 2, … shifted by `shift`, with a small wave of their own.
std::vector<double> shifted(std::size_t items, double shift, double wave = 0) {
  std::vector<double> values;
  for (std::size_t i = 0; i < items; ++i)
    values.push_back(static_cast<double>(i) + shift + wave * std::sin(static_cast<double>(i)));
  return values;
}

Contrast contrast_of(std::vector<ContrastSet> sets, std::vector<ContrastSeed> seeds) {
  return {.question = "q",
          .plus = "concepts",
          .minus = "control",
          .reference = seeds.front().reference,
          .concept_weight = 1,
          .metric = "mean",
          .sets = std::move(sets),
          .seeds = std::move(seeds),
          .margin = 0};
}

TEST(Contrast, IsTheMeanOverSeedsAndSetsOnSharedItems) {
  const std::vector<std::string> subjects = {"a1", "a2", "b1", "b2"};
  const std::vector<MetricTable> tables = {
      table_of_means("x", subjects, {shifted(50, 1), shifted(50, 2), shifted(50, 0), shifted(50, 0)}),
      table_of_means("y", subjects, {shifted(30, 5), shifted(30, 4), shifted(30, 0), shifted(30, 0)})};
  const std::vector<Contrast> contrasts = {
      contrast_of({{"x", ""}}, {{"a1", "b1", ""}, {"a2", "b2", ""}}),
      contrast_of({{"x", ""}, {"y", ""}}, {{"a1", "b1", ""}, {"a2", "b2", ""}})};
  const auto answers = answer_contrasts(tables, contrasts, {});
  EXPECT_DOUBLE_EQ(*answers[0].difference.value, 1.5);
  EXPECT_DOUBLE_EQ(*answers[1].difference.value, 3);
  EXPECT_EQ(answers[1].items, (std::vector<std::int64_t>{50, 30}));
  EXPECT_NEAR(answers[1].by_seed[0], 3, 1e-12);
  // Both sets' seeds cancel; items shift both sides alike.
  EXPECT_NEAR(answers[1].interval->low, 3, 1e-9);
  EXPECT_NEAR(answers[1].interval->high, 3, 1e-9);
  EXPECT_LT(answers[0].interval->low, 0) << "two seeds that differ by 1 tell little";
}

TEST(Contrast, TellsWhichShareOfAGainAControlHasToo) {
  const std::vector<MetricTable> tables = {
      table_of_means("x", {"a", "b", "base"}, {shifted(100, 4, 1), shifted(100, 1, 0.5), shifted(100, 0)})};
  const auto answer =
      answer_contrasts(tables, std::vector{contrast_of({{"x", ""}}, {{"a", "b", "base"}})}, {})[0];
  EXPECT_NEAR(*answer.explained, 0.25, 0.01);
  ASSERT_TRUE(answer.explained_interval);
  EXPECT_LT(answer.explained_interval->low, *answer.explained);
  EXPECT_GT(answer.explained_interval->high, *answer.explained);
  EXPECT_GT(answer.explained_interval->low, 0.2);
}

TEST(Contrast, OfNoSureGainHasNoShareWithAnInterval) {
  const std::vector<MetricTable> tables = {
      table_of_means("x", {"a", "b", "base"}, {shifted(100, 0.01, 1), shifted(100, 0.02), shifted(100, 0)})};
  const auto answer =
      answer_contrasts(tables, std::vector{contrast_of({{"x", ""}}, {{"a", "b", "base"}})}, {})[0];
  EXPECT_TRUE(answer.explained);
  EXPECT_FALSE(answer.explained_interval);
}

TEST(Contrast, OfFewItemsHasNoIntervalAndOfUnknownOnesNoValue) {
  const std::vector<MetricTable> tables = {
      table_of_means("x", {"a", "b"}, {shifted(19, 1, 1), shifted(19, 0)})};
  const std::vector<Contrast> contrasts = {contrast_of({{"x", ""}}, {{"a", "b", ""}}),
                                           contrast_of({{"z", ""}}, {{"a", "b", ""}}),
                                           contrast_of({{"x", ""}}, {{"a", "none", ""}})};
  const auto answers = answer_contrasts(tables, contrasts, {});
  EXPECT_TRUE(answers[0].difference.value);
  EXPECT_FALSE(answers[0].interval);
  EXPECT_FALSE(answers[0].p);
  EXPECT_EQ(answers[1].difference.undefined_because, "not measured");
  EXPECT_EQ(answers[2].difference.undefined_because, "not measured");
}

TEST(Contrast, DoesNotDependOnThreadsOrOnWhatElseIsAsked) {
  const std::vector<MetricTable> tables = {
      table_of_means("x", {"a", "b", "c"}, {shifted(40, 1, 1), shifted(40, 0), shifted(40, 2, 2)})};
  const Contrast first = contrast_of({{"x", ""}}, {{"a", "b", ""}});
  const Contrast second = contrast_of({{"x", ""}}, {{"c", "b", ""}});
  ComparisonOptions threads;
  threads.threads = 3;
  const auto alone = answer_contrasts(tables, std::vector{first}, {});
  const auto both = answer_contrasts(tables, std::vector{second, first}, threads);
  EXPECT_EQ(to_json(alone[0]), to_json(both[1]));
}

TEST(Contrast, ResamplesAreEnoughForHolm) {
  for (const std::size_t tests : {std::size_t{1}, std::size_t{27}, std::size_t{300}}) {
    std::vector<double> replicates(static_cast<std::size_t>(resamples_for(tests, 0.95)), 1.0);
    for (std::size_t i = 0; i < 4; ++i) replicates[i] = -1;
    const std::vector<double> p_values(tests, *two_sided_p(replicates));
    EXPECT_LE(holm_adjusted(p_values)[0], 0.05) << tests;
  }
}

}  // namespace
}  // namespace conceptune::evaluation
