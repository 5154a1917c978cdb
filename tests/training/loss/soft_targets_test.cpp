#include "conceptune/training/loss/soft_targets.h"

#include "tests/training/loss/example_concept.h"

namespace conceptune::training {
namespace {

using test::ExampleConcept;
using Shares = std::vector<double>;

ObjectiveOptions options_with(SynonymWeights weights, double own_share) {
  ObjectiveOptions options;
  options.soft_targets = {weights, own_share};
  return options;
}

/// The target distribution: −∂loss/∂log p.
Shares target_of(const ExampleConcept& example, const ObjectiveOptions& options) {
  return example.term(test::rule_named("soft-targets"), options).weights;
}

void expect_near(const Shares& found, const Shares& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-15) << i;
}

TEST(SoftTargetsLoss, IsTheCrossEntropyToTheTarget) {
  ExampleConcept example({0.5, 0.25, 0.125});
  example.scores = {9, 3, 1};
  const LossRule& rule = test::rule_named("soft-targets");
  // 0.4 · log 2 + 0.3 · log 4 + 0.3 · log 8, and 0.45 and 0.15 by the scores 3 and 1.
  const double log_2 = std::log(2.0);
  EXPECT_NEAR(example.term(rule, options_with(SynonymWeights::uniform, 0.4)).loss, 1.9 * log_2, 1e-15);
  EXPECT_NEAR(example.term(rule, options_with(SynonymWeights::scores, 0.4)).loss, 1.75 * log_2, 1e-15);
  EXPECT_EQ(example.term(rule, {}).weight_sum, 1);
}

TEST(SoftTargetsLoss, GivesTheWordItsShareAndTheSynonymsTheRest) {
  ExampleConcept example({0.1, 0.2, 0.3, 0.1});
  example.scores = {7, 0.5, 0.25, 0.25};
  expect_near(target_of(example, options_with(SynonymWeights::uniform, 0.4)), {0.4, 0.2, 0.2, 0.2});
  expect_near(target_of(example, options_with(SynonymWeights::scores, 0.4)), {0.4, 0.3, 0.15, 0.15});
  expect_near(target_of(example, options_with(SynonymWeights::scores, 1)), {1, 0, 0, 0});
  expect_near(target_of(example, options_with(SynonymWeights::uniform, 0)), {0, 1 / 3., 1 / 3., 1 / 3.});
}

TEST(SoftTargetsLoss, AWordWithoutSynonymsIsItsOwnTarget) {
  for (const double own_share : {0.0, 0.4, 1.0})
    expect_near(target_of(ExampleConcept({0.1}), options_with(SynonymWeights::scores, own_share)), {1});
}

TEST(SoftTargetsLoss, SynonymsHaveAllWhereTheWordIsNotInItsSet) {
  ExampleConcept example({0.1, 0.3});
  example.word_is_first = false;
  example.scores = {1, 3};
  for (const double own_share : {0.0, 0.4, 1.0})
    expect_near(target_of(example, options_with(SynonymWeights::scores, own_share)), {0.25, 0.75});
}

TEST(SoftTargetsLoss, ScoresMayBe0OrHuge) {
  ExampleConcept example({0.1, 0.2, 0.3});
  const auto options = options_with(SynonymWeights::scores, 0.5);
  example.scores = {1, 0, 0};
  expect_near(target_of(example, options), {0.5, 0.25, 0.25});
  example.scores = {1, 0, 2};
  expect_near(target_of(example, options), {0.5, 0, 0.5});
  example.scores = {1, 1.5e308, 1.5e308};
  expect_near(target_of(example, options), {0.5, 0.25, 0.25});
}

TEST(SoftTargetsLoss, IsLeastWhereTheModelPredictsTheTarget) {
  const LossRule& rule = test::rule_named("soft-targets");
  const auto options = options_with(SynonymWeights::uniform, 0.5);
  const double least = ExampleConcept({0.5, 0.25, 0.25}).term(rule, options).loss;
  for (const auto& other : {Shares{0.6, 0.2, 0.2}, {0.4, 0.3, 0.3}, {0.5, 0.3, 0.2}, {0.5, 0.25, 0.2}})
    EXPECT_GT(ExampleConcept(other).term(rule, options).loss, least);
}

TEST(SoftTargetsLoss, HasTheWeightsThatFiniteDifferencesGive) {
  for (const auto weights : {SynonymWeights::uniform, SynonymWeights::scores})
    for (const double own_share : {0.0, 0.3, 1.0})
      test::expect_weights_are_slopes(test::rule_named("soft-targets"), options_with(weights, own_share),
                                      ExampleConcept({0.02, 0.4, 0.1, 0.003}));
}

TEST(SoftTargetsLoss, TakesScoresWhereItIsToldSo) {
  const LossRule& rule = test::rule_named("soft-targets");
  EXPECT_FALSE(rule.takes_scores(options_with(SynonymWeights::uniform, 0.5)));
  EXPECT_TRUE(rule.takes_scores(options_with(SynonymWeights::scores, 0.5)));
}

}  // namespace
}  // namespace conceptune::training
