#include "conceptune/training/loss/concept_terms.h"

#include "tests/training/loss/example_concept.h"

namespace conceptune::training {
namespace {

TEST(Interpolated, SharesOneBetweenTheTerms) {
  ObjectiveOptions options;
  options.concept_weight = 0.25;
  EXPECT_EQ(interpolated(options).next_token, 0.75);
  EXPECT_EQ(interpolated(options).concept_words, 0.25);
}

TEST(MassTerm, IsMinusTheLogarithmOfTheMassUpToTheTarget) {
  const std::vector<double> log_shares = {std::log(0.25), std::log(0.125), std::log(0.125)};
  const PredictedConcept predicted{log_shares[0], log_shares, std::log(0.5), {}, true};
  ObjectiveOptions options;
  options.target_mass = 0.5;
  const ConceptTerm term = mass_term(predicted, options);
  EXPECT_DOUBLE_EQ(term.loss, std::log(2.0));
  ASSERT_EQ(term.weights.size(), 3U);
  EXPECT_DOUBLE_EQ(term.weights[0], 0.5);
  EXPECT_DOUBLE_EQ(term.weights[2], 0.25);

  options.target_mass = 0.49;
  const ConceptTerm none = mass_term(predicted, options);
  EXPECT_TRUE(none.above_target_mass);
  EXPECT_EQ(none.loss, 0);
  EXPECT_EQ(none.weight_sum, 0);
  EXPECT_DOUBLE_EQ(unlimited_mass_term(predicted).loss, std::log(2.0));
}

TEST(MassTerm, KeepsItsWeightsWhereProbabilitiesUnderflow) {
  const std::vector<double> log_shares = {-2000, -2000};
  const ConceptTerm term = mass_term({-2000, log_shares, -2000 + std::log(2.0), {}, true}, {});
  EXPECT_DOUBLE_EQ(term.loss, 2000 - std::log(2.0));
  EXPECT_NEAR(term.weights[0], 0.5, 1e-12);
}

TEST(CrossEntropy, WeighsEveryMemberWithItsShare) {
  const std::vector<double> log_shares = {std::log(0.5), std::log(0.25)};
  const ConceptTerm term = cross_entropy({log_shares[0], log_shares, 0, {}, true}, {0.25, 0.75});
  EXPECT_DOUBLE_EQ(term.loss, 1.75 * std::log(2.0));
  EXPECT_EQ(term.weights, (std::vector<double>{0.25, 0.75}));
  EXPECT_EQ(term.weight_sum, 1);
}

}  // namespace
}  // namespace conceptune::training
