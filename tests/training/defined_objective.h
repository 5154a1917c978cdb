// A small problem, and the objective at it as its definition reads.
#pragma once

#include <cmath>

#include "conceptune/training/objective/objective.h"

namespace conceptune::training::test {

inline constexpr std::int64_t kTokens = 13, kWidth = 6, kVocabulary = 37;

struct Problem {
  at::Tensor hidden_ND, head_VD;
  Targets targets;
};

/// Three content words among eight predictions; the second has two synonyms of several tokens, predicted at
/// the last rows; the set of the last holds nearly all mass.
inline Problem make_problem(at::ScalarType type) {
  at::manual_seed(11);
  Problem problem{
      at::randn({kTokens, kWidth}, at::kDouble), at::randn({kVocabulary, kWidth}, at::kDouble), {}};
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
  problem.hidden_ND = problem.hidden_ND.to(type);
  problem.head_VD = problem.head_VD.to(type);
  return problem;
}

/// p of a member of a concept set: of its token, times those of its further tokens.
inline at::Tensor probability(const ConceptToken& token, const at::Tensor& log_p_V,
                              const at::Tensor& log_p_NV, const Targets& targets) {
  at::Tensor log_p = log_p_V[token.id];
  for (std::size_t f = token.further_begin; f < token.further_end; ++f)
    log_p = log_p + log_p_NV[targets.further[f].row][targets.further[f].id];
  return log_p.exp();
}

/// Cross-entropy to the target of soft-targets: its own share for the word, which is the first, and for the
/// synonyms the rest in proportion to their scores.
inline at::Tensor soft_target_loss(const ConceptTarget& target, const at::Tensor& log_p_V,
                                   const at::Tensor& log_p_NV, const Targets& targets, double own_share) {
  const auto log_probability = [&](const ConceptToken& token) {
    return probability(token, log_p_V, log_p_NV, targets).log();
  };
  if (target.tokens.size() == 1) return -log_probability(target.tokens[0]);
  at::Tensor loss = -own_share * log_probability(target.tokens[0]);
  double scores = 0;
  for (std::size_t i = 1; i < target.tokens.size(); ++i) scores += target.tokens[i].score;
  for (std::size_t i = 1; i < target.tokens.size(); ++i)
    loss = loss - (1 - own_share) * target.tokens[i].score / scores * log_probability(target.tokens[i]);
  return loss;
}

/// Cross-entropy of the synonym drawn, or its mean over all of them. The word is the first of a larger set.
inline at::Tensor next_synonym_loss(const ConceptTarget& target, const at::Tensor& log_p_V,
                                    const at::Tensor& log_p_NV, const Targets& targets) {
  const std::size_t synonyms = target.tokens.size() - 1;
  at::Tensor loss = at::zeros({}, log_p_V.options());
  for (std::size_t i = 0; i < synonyms; ++i) {
    const bool is_drawn = target.draw && i == std::floor(*target.draw * static_cast<double>(synonyms));
    const double share = target.draw ? is_drawn : 1 / static_cast<double>(synonyms);
    loss = loss - share * probability(target.tokens[1 + i], log_p_V, log_p_NV, targets).log();
  }
  return loss;
}

/// The objective as its definition reads, with autograd over all logits.
inline at::Tensor plain_loss(const at::Tensor& hidden_ND, const at::Tensor& head_VD, const Targets& targets,
                             const ObjectiveOptions& options) {
  const at::Tensor log_p_NV = at::log_softmax(at::mm(hidden_ND, head_VD.t()), 1);
  const at::Tensor zero = at::zeros({}, hidden_ND.options());
  at::Tensor all = zero, content = zero, concepts = zero;
  for (std::size_t r = 0; r < targets.rows.size(); ++r)
    all = all - log_p_NV[targets.rows[r]][targets.next_tokens[r]];
  for (const auto& target : targets.concepts) {
    const auto r = static_cast<std::size_t>(target.row);
    const at::Tensor log_p_V = log_p_NV[targets.rows[r]];
    content = content - log_p_V[targets.next_tokens[r]];
    if (options.loss.name() == "soft-targets") {
      concepts =
          concepts + soft_target_loss(target, log_p_V, log_p_NV, targets, options.soft_targets.own_share);
      continue;
    }
    if (options.loss.name() == "next-synonym") {
      concepts = concepts + next_synonym_loss(target, log_p_V, log_p_NV, targets);
      continue;
    }
    at::Tensor mass = zero;
    if (options.loss.name() == "content-ntp")
      mass = log_p_V[targets.next_tokens[r]].exp();
    else
      for (const auto& token : target.tokens) mass = mass + probability(token, log_p_V, log_p_NV, targets);
    if (mass.item<double>() <= options.target_mass) concepts = concepts - mass.log();
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
