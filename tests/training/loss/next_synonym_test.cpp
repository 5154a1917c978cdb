#include "tests/training/loss/example_concept.h"

namespace conceptune::training {
namespace {

using test::ExampleConcept;
using Shares = std::vector<double>;

ConceptTerm term_of(ExampleConcept example, std::optional<double> draw) {
  example.draw = draw;
  return example.term(test::rule_named("next-synonym"), {});
}

TEST(NextSynonymLoss, IsTheCrossEntropyOfTheSynonymDrawn) {
  const ExampleConcept example({0.5, 0.25, 0.125});
  EXPECT_DOUBLE_EQ(term_of(example, 0.1).loss, 2 * std::log(2.0));
  EXPECT_DOUBLE_EQ(term_of(example, 0.9).loss, 3 * std::log(2.0));
  EXPECT_EQ(term_of(example, 0.9).weights, (Shares{0, 0, 1}));
  EXPECT_EQ(term_of(example, 0.9).weight_sum, 1);
}

TEST(NextSynonymLoss, EverySynonymHasAnEqualPartOfTheDraws) {
  const ExampleConcept example({0.1, 0.1, 0.1, 0.1, 0.1});
  for (int part = 0; part < 4; ++part)
    for (const double within : {0.0, 0.01, 0.99}) {
      Shares expected(5, 0);
      expected[static_cast<std::size_t>(1 + part)] = 1;
      EXPECT_EQ(term_of(example, (part + within) / 4).weights, expected) << part;
    }
  EXPECT_EQ(term_of(example, std::nextafter(1, 0)).weights, (Shares{0, 0, 0, 0, 1}));
}

TEST(NextSynonymLoss, TheWordIsDrawnOnlyWhereItHasNoSynonym) {
  for (const double draw : {0.0, 0.5, 0.99})
    EXPECT_EQ(term_of(ExampleConcept({0.25}), draw).weights, (Shares{1}));
  ExampleConcept without_word({0.25, 0.5});
  without_word.word_is_first = false;
  EXPECT_EQ(term_of(without_word, 0.2).weights, (Shares{1, 0}));
}

TEST(NextSynonymLoss, IsTheMeanOverTheSynonymsWhereNothingIsDrawn) {
  const ExampleConcept example({0.5, 0.25, 0.125});
  EXPECT_DOUBLE_EQ(term_of(example, {}).loss, 2.5 * std::log(2.0));
  EXPECT_EQ(term_of(example, {}).weights, (Shares{0, 0.5, 0.5}));
  EXPECT_EQ(term_of(ExampleConcept({0.25}), {}).weights, (Shares{1}));
}

TEST(NextSynonymLoss, HasTheWeightsThatFiniteDifferencesGive) {
  ExampleConcept example({0.02, 0.4, 0.1, 0.003});
  for (const std::optional<double> draw : {std::optional<double>(), {0.1}, {0.7}}) {
    example.draw = draw;
    test::expect_weights_are_slopes(test::rule_named("next-synonym"), {}, example);
  }
}

}  // namespace
}  // namespace conceptune::training
