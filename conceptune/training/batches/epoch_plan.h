// Which passages each update of an epoch trains on.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "conceptune/training/options.h"

namespace conceptune::training {

/// Passages of one forward pass, and the passes of one update.
using Batch = std::vector<std::size_t>;
using UpdateBatches = std::vector<Batch>;

/// The updates of epoch number `epoch` (from 0): all passages in an order drawn from (seed, epoch) alone, so
/// that a resumed run needs no generator's state, cut into batches of `passages`, or of whole passages with
/// together at most `tokens` (a longer one makes a batch alone). The last batch and update may be smaller.
/// `lengths` are the passages' tokens.
std::vector<UpdateBatches> plan_epoch(std::span<const std::int64_t> lengths, const BatchOptions& options,
                                      std::uint64_t seed, std::int64_t epoch);

/// The updates of a whole run by their step, an epoch's plan at hand at a time.
class UpdatePlan {
 public:
  /// As for plan_epoch(); each epoch must have an update.
  UpdatePlan(std::vector<std::int64_t> lengths, const BatchOptions& options, std::uint64_t seed)
      : lengths_(std::move(lengths)), options_(options), seed_(seed) {}

  /// The update at step `step`, from 0; not before the step asked for last.
  const UpdateBatches& at(std::int64_t step);
  /// Of the step asked for last; −1 before the first.
  std::int64_t epoch() const { return epoch_; }

 private:
  std::vector<std::int64_t> lengths_;
  BatchOptions options_;
  std::uint64_t seed_;
  std::vector<UpdateBatches> updates_;
  std::int64_t epoch_ = -1;
  std::int64_t begin_ = 0;  // step of the epoch's first update
};

/// Updates of the first `epochs` epochs together; counted no further than to `enough`.
std::int64_t count_updates(std::span<const std::int64_t> lengths, const BatchOptions& options,
                           std::uint64_t seed, std::int64_t epochs,
                           std::int64_t enough = std::numeric_limits<std::int64_t>::max());

/// Which of `of` equal shares of some work: 0 ≤ index < of.
struct Share {
  std::int64_t index = 0;
  std::int64_t of = 1;
};

/// One share of an update's passages; all shares together are the update. Whole batches where they can be
/// dealt evenly, else passages, so that no share's batch is larger than the update's largest. May be empty.
UpdateBatches share_of_update(const UpdateBatches& update, const Share& share);

/// The passages in their order, in batches of at most `tokens` tokens.
std::vector<Batch> batches_in_order(std::span<const std::int64_t> lengths, std::int64_t tokens);

}  // namespace conceptune::training
