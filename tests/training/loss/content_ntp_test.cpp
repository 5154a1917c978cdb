#include "tests/training/loss/example_concept.h"

namespace conceptune::training {
namespace {

using test::ExampleConcept;

TEST(ContentNtpLoss, LooksAtTheWordAlone) {
  const LossRule& rule = test::rule_named("content-ntp");
  const ObjectiveOptions options;
  const ConceptTerm term = ExampleConcept({0.25, 0.5}).term(rule, options);
  EXPECT_DOUBLE_EQ(term.loss, std::log(4.0));
  EXPECT_EQ(term.word_weight, 1);
  EXPECT_TRUE(term.weights.empty());
  EXPECT_TRUE(ExampleConcept({0.7, 0.1}).term(rule, options).above_target_mass);
  EXPECT_EQ(rule.weights(options).concept_words, 0.5);
}

}  // namespace
}  // namespace conceptune::training
