#include "conceptune/training/batches/epoch_plan.h"

#include <numeric>

#include "conceptune/base/random.h"

namespace conceptune::training {
namespace {

std::vector<std::size_t> all_indices(std::size_t count) {
  std::vector<std::size_t> indices(count);
  std::iota(indices.begin(), indices.end(), std::size_t{0});
  return indices;
}

/// Closes a batch when the next passage would exceed either limit.
std::vector<Batch> cut_into_batches(const std::vector<std::size_t>& order,
                                    std::span<const std::int64_t> lengths, std::size_t most_passages,
                                    std::int64_t most_tokens) {
  std::vector<Batch> batches;
  std::int64_t tokens = 0;
  for (const std::size_t index : order) {
    if (batches.empty() || batches.back().size() == most_passages || tokens + lengths[index] > most_tokens) {
      batches.emplace_back();
      tokens = 0;
    }
    batches.back().push_back(index);
    tokens += lengths[index];
  }
  return batches;
}

constexpr auto kNoLimit = std::numeric_limits<std::int64_t>::max() / 2;

}  // namespace

std::vector<UpdateBatches> plan_epoch(std::span<const std::int64_t> lengths, const BatchOptions& options,
                                      std::uint64_t seed, std::int64_t epoch) {
  std::vector<std::size_t> order = all_indices(lengths.size());
  Random random(seed, "order of epoch " + std::to_string(epoch));
  random.shuffle(order);
  const bool by_tokens = options.tokens > 0;
  auto batches =
      cut_into_batches(order, lengths, static_cast<std::size_t>(by_tokens ? kNoLimit : options.passages),
                       by_tokens ? options.tokens : kNoLimit);
  std::vector<UpdateBatches> updates;
  for (auto& batch : batches) {
    if (updates.empty() || updates.back().size() == static_cast<std::size_t>(options.accumulation))
      updates.emplace_back();
    updates.back().push_back(std::move(batch));
  }
  return updates;
}

const UpdateBatches& UpdatePlan::at(std::int64_t step) {
  while (epoch_ < 0 || step >= begin_ + static_cast<std::int64_t>(updates_.size())) {
    begin_ += static_cast<std::int64_t>(updates_.size());
    updates_ = plan_epoch(lengths_, options_, seed_, ++epoch_);
  }
  return updates_[static_cast<std::size_t>(step - begin_)];
}

std::int64_t count_updates(std::span<const std::int64_t> lengths, const BatchOptions& options,
                           std::uint64_t seed, std::int64_t epochs, std::int64_t enough) {
  std::int64_t updates = 0;
  for (std::int64_t epoch = 0; epoch < epochs && updates < enough; ++epoch)
    updates += static_cast<std::int64_t>(plan_epoch(lengths, options, seed, epoch).size());
  return updates;
}

UpdateBatches share_of_update(const UpdateBatches& update, const Share& share) {
  const auto of = static_cast<std::size_t>(share.of), index = static_cast<std::size_t>(share.index);
  const bool whole_batches = update.size() % of == 0;
  UpdateBatches result;
  std::size_t dealt = 0;
  for (const Batch& batch : update) {
    Batch own;
    for (const std::size_t passage : batch)
      if ((whole_batches ? dealt : dealt++) % of == index) own.push_back(passage);
    if (whole_batches) ++dealt;
    if (!own.empty()) result.push_back(std::move(own));
  }
  return result;
}

std::vector<Batch> batches_in_order(std::span<const std::int64_t> lengths, std::int64_t tokens) {
  return cut_into_batches(all_indices(lengths.size()), lengths, static_cast<std::size_t>(kNoLimit), tokens);
}

}  // namespace conceptune::training
