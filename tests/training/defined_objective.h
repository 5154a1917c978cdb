// A small problem, and the objective at it as its definition reads, in double precision.
#pragma once

#include <cmath>
#include <string_view>

#include "conceptune/training/objective/objective.h"
#include "tests/support/doubles.h"
#include "tests/support/matrices.h"

namespace conceptune::training::test {

using conceptune::test::Doubles;

inline constexpr std::int64_t kTokens = 13, kWidth = 6, kVocabulary = 37;

struct Problem {
  model::Matrix hidden_ND, head_VD;
  Targets targets;
};

/// Three content words among eight predictions; the second has two synonyms of several tokens, predicted at
/// the last rows; the set of the last holds nearly all mass.
inline Problem make_problem() {
  Problem problem{conceptune::test::random_matrix(kTokens, kWidth, 11),
                  conceptune::test::random_matrix(kVocabulary, kWidth, 12),
                  {}};
  problem.targets.rows = {0, 1, 2, 4, 5, 6, 7, 8};
  problem.targets.next_tokens = {3, 9, 36, 0, 12, 12, 7, 20};
  problem.targets.concepts = {{1, {{9}, {4}, {30}}}, {4, {{12}, {1, 0, 1}, {1, 1, 4}}}};
  problem.targets.further = {{9, 5}, {10, 2}, {11, 17}, {12, 5}};
  ConceptTarget wide{6, {{7}}};
  for (std::int32_t id = 8; id < kVocabulary; ++id) wide.tokens.push_back({id});
  problem.targets.concepts.push_back(wide);
  for (auto& target : problem.targets.concepts)
    for (std::size_t i = 0; i < target.tokens.size(); ++i)
      target.tokens[i].score = 1 / (1 + static_cast<double>(i));
  problem.targets.concepts[0].draw = 0.3;  // its first synonym
  problem.targets.concepts[1].draw = 0.8;  // its second, of three tokens
  return problem;
}

/// log p_NV of the next tokens.
inline Doubles log_probabilities(const Doubles& hidden_ND, const Doubles& head_VD) {
  return conceptune::test::double_log_softmax(conceptune::test::product_with_transposed(hidden_ND, head_VD));
}

/// Of all words that the loss looks at: log p_NV, the row that predicts this one, and its concept set.
struct DefinedWord {
  const Doubles& log_p_NV;
  const double* log_p_V;
  const Targets& targets;
  const ConceptTarget& target;

  /// log p of a member of the set: of its token, and those of its further tokens.
  double log_probability(const ConceptToken& token) const {
    double log_p = log_p_V[token.id];
    for (std::size_t f = token.further_begin; f < token.further_end; ++f)
      log_p += log_p_NV.row(targets.further[f].row)[targets.further[f].id];
    return log_p;
  }
  /// Probability of the set.
  double mass() const {
    double mass = 0;
    for (const auto& token : target.tokens) mass += std::exp(log_probability(token));
    return mass;
  }
};

inline DefinedWord word_of(const ConceptTarget& target, const Targets& targets, const Doubles& log_p_NV) {
  return {log_p_NV, log_p_NV.row(targets.rows[static_cast<std::size_t>(target.row)]), targets, target};
}

/// Cross-entropy to the target of soft-targets: its own share for the word, which is the first, and for the
/// synonyms the rest in proportion to their scores.
inline double soft_target_loss(const DefinedWord& word, double own_share) {
  const auto& tokens = word.target.tokens;
  if (tokens.size() == 1) return -word.log_probability(tokens[0]);
  double loss = -own_share * word.log_probability(tokens[0]), scores = 0;
  for (std::size_t i = 1; i < tokens.size(); ++i) scores += tokens[i].score;
  for (std::size_t i = 1; i < tokens.size(); ++i)
    loss -= (1 - own_share) * tokens[i].score / scores * word.log_probability(tokens[i]);
  return loss;
}

/// Cross-entropy of the synonym drawn, or its mean over all of them. The word is the first of a larger set.
inline double next_synonym_loss(const DefinedWord& word) {
  const auto& [row, tokens, draw] = word.target;
  const std::size_t synonyms = tokens.size() - 1;
  double loss = 0;
  for (std::size_t i = 0; i < synonyms; ++i) {
    const bool is_drawn = draw && static_cast<double>(i) == std::floor(*draw * static_cast<double>(synonyms));
    const double share = draw ? is_drawn : 1 / static_cast<double>(synonyms);
    loss -= share * word.log_probability(tokens[1 + i]);
  }
  return loss;
}

inline double concept_loss(const DefinedWord& word, std::int32_t next_token,
                           const ObjectiveOptions& options) {
  const std::string_view loss = options.loss.name();
  if (loss == "soft-targets") return soft_target_loss(word, options.soft_targets.own_share);
  if (loss == "next-synonym") return next_synonym_loss(word);
  const double mass = loss == "content-ntp" ? std::exp(word.log_p_V[next_token]) : word.mass();
  return mass <= options.target_mass ? -std::log(mass) : 0;
}

/// The objective as its definition reads, from all logits.
inline double plain_loss(const Doubles& hidden_ND, const Doubles& head_VD, const Targets& targets,
                         const ObjectiveOptions& options) {
  const Doubles log_p_NV = log_probabilities(hidden_ND, head_VD);
  double all = 0, content = 0, concepts = 0;
  for (std::size_t r = 0; r < targets.rows.size(); ++r)
    all -= log_p_NV.row(targets.rows[r])[targets.next_tokens[r]];
  for (const auto& target : targets.concepts) {
    const DefinedWord word = word_of(target, targets, log_p_NV);
    const std::int32_t next_token = targets.next_tokens[static_cast<std::size_t>(target.row)];
    content -= word.log_p_V[next_token];
    concepts += concept_loss(word, next_token, options);
  }
  const auto tokens = static_cast<double>(targets.rows.size());
  const auto words = static_cast<double>(targets.concepts.size());
  const double lambda = options.concept_weight;
  if (options.loss.name() == "blended") return (all - lambda * content) / tokens + lambda * concepts / words;
  if (options.loss.name() == "weighted-ce")
    return (all + (options.content_weight - 1) * content) / (tokens + (options.content_weight - 1) * words);
  return (1 - lambda) * all / tokens + lambda * concepts / words;
}

}  // namespace conceptune::training::test
