// Passes of the model over batches of passages: for an update's gradients, or for evaluation.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>

#include "conceptune/base/json.h"
#include "conceptune/training/batches/epoch_plan.h"
#include "conceptune/training/batches/passages.h"
#include "conceptune/training/models/trainable.h"
#include "conceptune/training/objective/objective.h"

namespace conceptune::training {

/// What passes added up to.
struct PassTotals {
  ObjectiveSums sums;
  Denominators denominators;
  std::int64_t tokens = 0;

  PassTotals& operator+=(const PassTotals& other);
};

/// What decides the chances of an update: seed, update and a batch's passages its dropout; seed, epoch and
/// each passage the draws among synonyms.
struct UpdateChances {
  std::uint64_t seed = 0;
  std::int64_t update = 0;
  std::int64_t epoch = 0;
};

/// Adds the gradient of one update's loss on a share of its passages to `gradient`
/// (Trainable::add_gradient()). Both terms are divided by their counts over all its batches, so that how they
/// are cut into batches and shares makes no difference; the totals are the share's alone.
PassTotals accumulate_gradients(const Trainable& model, std::span<const TrainingPassage> passages,
                                const UpdateBatches& batches, const ObjectiveOptions& options,
                                const UpdateChances& chances, std::span<float> gradient,
                                const Share& share = {});

/// The objective over a share of the passages, without gradients, dropout or draws. Throws Interrupted
/// between batches on a stop.
PassTotals evaluate_passages(const Trainable& model, std::span<const TrainingPassage> passages,
                             const ObjectiveOptions& options, std::stop_token stop = {},
                             const Share& share = {});

/// has_loss() of all passages together.
bool has_loss(std::span<const TrainingPassage> passages, const ObjectiveOptions& options);

/// Means for the log: loss and its two terms in nats, accuracy over all tokens, and over content words
/// cross-entropy, accuracy, mass of the concept set, share above τ, rank of the word, entropy in nats.
Json means_of(const PassTotals& totals, const ObjectiveOptions& options);

/// Tokens that every passage adds to a batch, those of its longer synonyms included.
std::vector<std::int64_t> lengths_of(std::span<const TrainingPassage> passages);

}  // namespace conceptune::training
