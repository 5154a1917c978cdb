#include "conceptune/results/next_token_measures.h"

#include <gtest/gtest.h>

#include <cmath>

namespace conceptune::evaluation {
namespace {

SubjectScores scores(const std::string& subject, double shift) {
  PassageScores first{.id = "a",
                      .nll = {1 + shift, 2 + shift, 3 + shift},
                      .correct = {1, 0, 1},
                      .content = {{1, true, std::log(2.0)}, {2, false, 3 + shift}}};
  PassageScores second{.id = "b", .nll = {4 + shift}, .correct = {0}, .content = {{0, true, std::log(4.0)}}};
  return {subject, {first, second}};
}

const Measurement& find(const std::vector<Measurement>& all, const std::string& subject,
                        const std::string& metric) {
  for (const auto& m : all)
    if (m.subject == subject && m.metric == metric) return m;
  throw std::out_of_range(metric);
}

TEST(NextTokenMeasures, AveragesEachKindOfToken) {
  const auto all = measure_next_token("held-out", {scores("base", 0)}, {});
  EXPECT_DOUBLE_EQ(*find(all, "base", "global_nll").value.value, 2.5);
  EXPECT_DOUBLE_EQ(*find(all, "base", "global_perplexity").value.value, std::exp(2.5));
  EXPECT_DOUBLE_EQ(*find(all, "base", "global_accuracy").value.value, 0.5);
  EXPECT_EQ(find(all, "base", "global_nll").n, 4);
  EXPECT_DOUBLE_EQ(*find(all, "base", "content_nll").value.value, 3);
  EXPECT_DOUBLE_EQ(*find(all, "base", "content_accuracy").value.value, 1.0 / 3);
  EXPECT_EQ(find(all, "base", "content_nll").n, 3);
  EXPECT_DOUBLE_EQ(*find(all, "base", "concept_mass").value.value, 0.375);
  EXPECT_DOUBLE_EQ(*find(all, "base", "concept_perplexity").value.value, std::sqrt(8.0));
  EXPECT_EQ(find(all, "base", "concept_mass").n, 2);
}

TEST(NextTokenMeasures, ComparesByPassagesAndByTokens) {
  const auto all = measure_next_token("held-out", {scores("base", 0), scores("worse", 0.5)}, {});
  const auto& comparisons = find(all, "worse", "content_nll").comparisons;
  ASSERT_EQ(comparisons.size(), 2U);
  EXPECT_EQ(comparisons[0].unit, "passages");
  EXPECT_EQ(comparisons[1].unit, "tokens");
  for (const auto& comparison : comparisons) {
    EXPECT_NEAR(comparison.difference, 0.5, 1e-12);
    EXPECT_NEAR(comparison.interval->low, 0.5, 1e-12);
  }
  EXPECT_EQ(find(all, "worse", "content_nll").resampled, "passages");
}

TEST(NextTokenMeasures, IsUndefinedWithoutContentWords) {
  SubjectScores subject = scores("base", 0);
  for (auto& passage : subject.passages) passage.content.clear();
  const auto all = measure_next_token("held-out", {subject}, {});
  EXPECT_EQ(find(all, "base", "content_perplexity").value.undefined_because, "no such token");
  EXPECT_TRUE(find(all, "base", "global_perplexity").value.value);
}

}  // namespace
}  // namespace conceptune::evaluation
