#include "tests/training/loss/example_concept.h"

namespace conceptune::training {
namespace {

TEST(PaperLoss, RewardsTheMassOfTheSetAndStopsAboveTheTarget) {
  const LossRule& rule = test::rule_named("paper");
  ObjectiveOptions options;
  options.concept_weight = 0.25;
  EXPECT_EQ(rule.weights(options).next_token, 0.75);
  EXPECT_EQ(rule.weights(options).concept_words, 0.25);
  EXPECT_NEAR(test::ExampleConcept({0.2, 0.2, 0.1}).term(rule, options).loss, -std::log(0.5), 1e-15);
  EXPECT_TRUE(test::ExampleConcept({0.5, 0.2}).term(rule, options).above_target_mass);
}

}  // namespace
}  // namespace conceptune::training
