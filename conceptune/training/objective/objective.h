// Loss and gradient of the objective, whichever it is (loss/), in one pass over chunks of rows. Full logits
// never exist: a chunk of hidden states is projected, turned into probabilities, into the gradient at the
// logits, and projected back.
//
// Shapes: N tokens of a packed batch, R rows that predict a token, C rows of a chunk, D width, V vocabulary.
#pragma once

#include <cstdint>

#include "conceptune/runtime/matrices/frozen_matrix.h"
#include "conceptune/training/objective/targets.h"
#include "conceptune/training/options.h"

namespace conceptune::training {

/// Most logits of one chunk. A matrix product repacks the whole head for each chunk: with 85 rows a fifth of
/// its time, with 300 a twentieth.
inline constexpr std::int64_t kChunkElements = std::int64_t{1} << 24;

/// What the two terms are divided by, summed over the whole effective batch: every micro-batch and every
/// rank.
struct Denominators {
  /// Weighted number of predicted tokens.
  double next_token = 0;
  /// Number of content words.
  double concept_words = 0;

  Denominators& operator+=(const Denominators& other);
};

/// What so many predicted tokens, content words among them, add to the denominators.
Denominators count_terms(std::size_t tokens, std::size_t content_words, const ObjectiveOptions& options);
/// The share of one batch in the denominators.
Denominators count_terms(const Targets& targets, const ObjectiveOptions& options);

/// Sums over the predicted tokens of one batch or, added up, of several. Logarithms are natural.
struct ObjectiveSums {
  /// Numerators of the two terms, as the loss defines them.
  double next_token_loss = 0;
  double concept_loss = 0;
  /// Plain cross-entropy and right guesses, over all predicted tokens and over content words.
  double tokens = 0, cross_entropy = 0, correct = 0;
  double content_words = 0, content_cross_entropy = 0, content_correct = 0;
  /// Over content words: probability of the concept set, whether the concept loss was 0 for being above τ,
  /// rank of the word among all tokens (1 is best), entropy of the prediction.
  double mass = 0, above_target_mass = 0, rank = 0, entropy = 0;

  ObjectiveSums& operator+=(const ObjectiveSums& other);

  /// Calls visit(name, member pointer) for every sum, in a fixed order: for files and all-reduces.
  template <class Visitor>
  static void visit_sums(Visitor&& visit);
};

/// The loss: both terms divided by their denominators and weighted as the options say. A term without a
/// denominator (no content word in the batch) is 0.
double loss_of(const ObjectiveSums& sums, const Denominators& denominators, const ObjectiveOptions& options);

/// Whether the loss has a term with a weight and something to count: else it is 0 whatever the model does.
bool has_loss(const Denominators& denominators, const ObjectiveOptions& options);

struct ObjectiveResult {
  ObjectiveSums sums;
  /// As hidden_ND, rows that predict nothing are 0; no matrix unless asked for.
  model::Matrix d_hidden_ND;
};

/// Sums and, where it is wanted, the gradient of loss_of() with these denominators by the hidden states; that
/// by the head is added to d_head_VD where that is a matrix. At a row that predicts T with the set {t₁, t₂,
/// …}: d_logit = w_ntp (p − onehot(T)) + w_c Σ wᵢ (p − onehot(tᵢ)), wᵢ being the weights that the loss's rule
/// gives (loss/loss_rule.h). A synonym of several tokens counts with its product, and the rows of its further
/// tokens get the same wᵢ (further_tokens.h). Ids lie in [0, V), rows in [0, N).
ObjectiveResult evaluate_objective(const model::Matrix& hidden_ND, const model::FrozenMatrix& head_VD,
                                   const Targets& targets, const Denominators& denominators,
                                   const ObjectiveOptions& options, bool with_gradient,
                                   const model::Matrix& d_head_VD = {});

template <class Visitor>
void ObjectiveSums::visit_sums(Visitor&& visit) {
  visit("next_token_loss", &ObjectiveSums::next_token_loss);
  visit("concept_loss", &ObjectiveSums::concept_loss);
  visit("tokens", &ObjectiveSums::tokens);
  visit("cross_entropy", &ObjectiveSums::cross_entropy);
  visit("correct", &ObjectiveSums::correct);
  visit("content_words", &ObjectiveSums::content_words);
  visit("content_cross_entropy", &ObjectiveSums::content_cross_entropy);
  visit("content_correct", &ObjectiveSums::content_correct);
  visit("mass", &ObjectiveSums::mass);
  visit("above_target_mass", &ObjectiveSums::above_target_mass);
  visit("rank", &ObjectiveSums::rank);
  visit("entropy", &ObjectiveSums::entropy);
}

}  // namespace conceptune::training
