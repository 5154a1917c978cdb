// What a loss is: the weights of its two terms, its term at a content word with the gradient, and what others
// must know of it. Each is a constant in a file of its own, listed in losses.cpp
// (docs/adding-a-loss.md).
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace conceptune::training {

struct ObjectiveOptions;

struct LossWeights {
  /// Of the next-token term, the mean cross-entropy, and of the concept term, the mean over content words.
  double next_token, concept_words;
  /// What a content word weighs in the sum of the next-token term, and in the count that divides it; other
  /// tokens have 1.
  double content_token = 1, content_count = 1;
};

/// A content word with its concept set as the model predicts them. Logarithms are natural.
struct PredictedConcept {
  /// Of the word itself, in the set or not.
  double log_p_word;
  /// Of the set's members, one at least: log p, for several tokens the sum of theirs.
  std::span<const double> log_shares;
  /// log Σ exp(log_shares).
  double log_mass;
  /// What the dataset says of each member, larger being better; of the word itself it means nothing.
  std::span<const double> scores;
  /// Whether the first member is the word itself.
  bool word_is_first;
  /// Uniform in [0, 1), drawn anew at every visit in training. None in evaluation, where a loss that is drawn
  /// is what it is on average, so that evaluations can be compared.
  std::optional<double> draw = {};
};

/// The concept term at one content word.
struct ConceptTerm {
  double loss = 0;
  /// Whether the loss is 0 because the set has more than the mass τ.
  bool above_target_mass = false;
  /// −∂loss/∂log p of the word by itself, and of the set's members; empty where all of theirs are 0.
  double word_weight = 0;
  std::vector<double> weights = {};
  /// All of these together.
  double weight_sum = 0;
};

struct LossRule {
  /// As options spell it.
  std::string_view name;
  /// Whether the concept sets change what is minimised. A loss without is a control for those with.
  bool uses_synonyms = true;
  /// Whether λ does.
  bool uses_concept_weight = true;
  /// Whether the concept term is 0 above τ.
  bool uses_target_mass = false;
  /// Whether the numbers that the paper prints were trained with it.
  bool is_the_papers = false;
  /// Whether scores are taken as shares, so that none may be below 0; null: never.
  bool (*takes_scores)(const ObjectiveOptions&) = nullptr;
  LossWeights (*weights)(const ObjectiveOptions&);
  ConceptTerm (*concept_term)(const PredictedConcept&, const ObjectiveOptions&);
};

}  // namespace conceptune::training
