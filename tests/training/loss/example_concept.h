// A content word's predictions made up by hand, and a rule's term at them held to finite differences.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <optional>
#include <string_view>
#include <vector>

#include "conceptune/training/loss/objective_options.h"

namespace conceptune::training::test {

inline const LossRule& rule_named(std::string_view name) { return value_named<Loss>(name).value().rule(); }

/// Probabilities of a concept set's members; the word is the first unless it is said to be outside.
struct ExampleConcept {
  std::vector<double> log_shares, scores;
  double log_p_word;
  bool word_is_first = true;
  std::optional<double> draw;

  explicit ExampleConcept(const std::vector<double>& shares) : log_p_word(std::log(shares.front())) {
    for (const double share : shares) {
      log_shares.push_back(std::log(share));
      scores.push_back(1 / static_cast<double>(log_shares.size()));
    }
  }

  ConceptTerm term(const LossRule& rule, const ObjectiveOptions& options) const {
    double mass = 0;
    for (const double log_share : log_shares) mass += std::exp(log_share);
    return rule.concept_term({log_p_word, log_shares, std::log(mass), scores, word_is_first, draw}, options);
  }
};

/// The weights of the rule's term are minus its slopes, and `weight_sum` is their sum.
inline void expect_weights_are_slopes(const LossRule& rule, const ObjectiveOptions& options,
                                      const ExampleConcept& example) {
  const ConceptTerm term = example.term(rule, options);
  constexpr double kStep = 1e-5;
  const auto slope_along = [&](auto&& coordinate) {
    ExampleConcept above = example, below = example;
    coordinate(above) += kStep;
    coordinate(below) -= kStep;
    return (above.term(rule, options).loss - below.term(rule, options).loss) / (2 * kStep);
  };
  EXPECT_NEAR(term.word_weight, -slope_along([](ExampleConcept& e) -> double& { return e.log_p_word; }),
              1e-8);
  for (std::size_t i = 0; i < example.log_shares.size(); ++i)
    EXPECT_NEAR(term.weights.empty() ? 0 : term.weights.at(i),
                -slope_along([&](ExampleConcept& e) -> double& { return e.log_shares[i]; }), 1e-8)
        << "member " << i;
  EXPECT_NEAR(std::accumulate(term.weights.begin(), term.weights.end(), term.word_weight), term.weight_sum,
              1e-12);
}

}  // namespace conceptune::training::test
