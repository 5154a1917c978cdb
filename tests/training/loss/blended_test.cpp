#include "tests/training/loss/example_concept.h"

namespace conceptune::training {
namespace {

using test::ExampleConcept;

TEST(BlendedLoss, TakesNextTokenWeightFromContentWordsAlone) {
  ObjectiveOptions options;
  options.concept_weight = 0.25;
  const LossWeights weights = test::rule_named("blended").weights(options);
  EXPECT_EQ(weights.next_token, 1);
  EXPECT_EQ(weights.concept_words, 0.25);
  EXPECT_EQ(weights.content_token, 0.75);
  EXPECT_EQ(weights.content_count, 1);
}

TEST(BlendedLoss, HasNoTermFromTheTargetOnAndNoGradientBelowItsSmallestMass) {
  const LossRule& rule = test::rule_named("blended");
  ObjectiveOptions options;
  options.target_mass = 0.5;
  EXPECT_TRUE(ExampleConcept({0.5}).term(rule, options).above_target_mass);
  EXPECT_NEAR(ExampleConcept({0.25, 0.125}).term(rule, options).loss, -std::log(0.375), 1e-15);
  const ConceptTerm tiny = ExampleConcept({1e-10, 1e-10}).term(rule, options);
  EXPECT_DOUBLE_EQ(tiny.loss, -std::log(1e-9));
  EXPECT_EQ(tiny.weight_sum, 0);
}

}  // namespace
}  // namespace conceptune::training
