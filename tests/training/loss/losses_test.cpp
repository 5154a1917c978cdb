// What every loss must satisfy, and what runs and reports are told of each.
#include "conceptune/training/loss/losses.h"

#include "tests/training/loss/example_concept.h"

namespace conceptune::training {
namespace {

using test::ExampleConcept;
using test::rule_named;

std::string names_where(bool LossRule::*fact, bool value) {
  std::string names;
  for (const Loss& loss : Loss::all())
    if (loss.rule().*fact == value)
      names += std::string(names.empty() ? "" : ", ") + std::string(loss.name());
  return names;
}

TEST(Losses, AreFoundByTheirNames) {
  for (const Loss& loss : Loss::all()) EXPECT_EQ(value_named<Loss>(loss.name()), loss);
  EXPECT_FALSE(value_named<Loss>("no loss"));
  EXPECT_EQ(Loss().name(), "paper");
}

TEST(Losses, SayWhatRunsAndReportsAskOfThem) {
  EXPECT_EQ(names_where(&LossRule::uses_synonyms, false), "weighted-ce, content-ntp");
  EXPECT_EQ(names_where(&LossRule::uses_concept_weight, false), "weighted-ce");
  EXPECT_EQ(names_where(&LossRule::uses_target_mass, true), "paper, blended, content-ntp");
  EXPECT_EQ(names_where(&LossRule::is_the_papers, true), "paper");
}

TEST(Losses, HaveTheWeightsThatFiniteDifferencesGive) {
  for (const Loss& loss : Loss::all())
    for (const double target_mass : {0.3, 0.9}) {
      SCOPED_TRACE(std::string(loss.name()) + " with τ " + std::to_string(target_mass));
      ObjectiveOptions options;
      options.target_mass = target_mass;
      for (const auto& shares : std::vector<std::vector<double>>{
               {0.4}, {0.1}, {0.2, 0.1, 0.05}, {0.01, 0.6, 0.1, 0.1}, {1e-12, 1e-13}})
        test::expect_weights_are_slopes(loss.rule(), options, ExampleConcept(shares));
    }
}

/// λ = 0 is pure next-token training, whatever the loss, where it depends on λ at all.
TEST(Losses, AreTheNextTokenLossWithoutConceptWeight) {
  ObjectiveOptions options;
  options.concept_weight = 0;
  for (const Loss& loss : Loss::all()) {
    if (!loss.rule().uses_concept_weight) continue;
    const LossWeights weights = loss.rule().weights(options);
    EXPECT_EQ(weights.next_token, 1) << loss.name();
    EXPECT_EQ(weights.concept_words, 0) << loss.name();
    EXPECT_EQ(weights.content_token, 1) << loss.name();
    EXPECT_EQ(weights.content_count, 1) << loss.name();
  }
}

}  // namespace
}  // namespace conceptune::training
