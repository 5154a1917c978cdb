#include "conceptune/training/models/passes.h"

#include <fmt/format.h>

#include <numeric>

#include "conceptune/base/error.h"
#include "conceptune/base/random.h"

namespace conceptune::training {
namespace {

/// Evaluation keeps no activations, so that its batches may be larger than training's.
constexpr std::int64_t kEvaluationTokens = 2048;

/// count_terms() of the batch that make_batch() would pack.
Denominators count_terms_of(std::span<const TrainingPassage> passages, const Batch& batch,
                            const ObjectiveOptions& options) {
  std::size_t tokens = 0, words = 0;
  for (const std::size_t i : batch) {
    tokens += passages[i].tokens.size() - 1;  // all but a passage's first are predicted
    words += passages[i].words.size();
  }
  return count_terms(tokens, words, options);
}

}  // namespace

PassTotals& PassTotals::operator+=(const PassTotals& other) {
  sums += other.sums;
  denominators += other.denominators;
  tokens += other.tokens;
  return *this;
}

PassTotals accumulate_gradients(const Trainable& model, std::span<const TrainingPassage> passages,
                                const UpdateBatches& batches, const ObjectiveOptions& options,
                                const UpdateChances& chances, std::span<float> gradient, const Share& share) {
  Denominators denominators;
  for (const Batch& batch : batches) denominators += count_terms_of(passages, batch, options);
  PassTotals totals;
  for (const Batch& indices : share_of_update(batches, share)) {
    TrainingBatch batch = make_batch(passages, indices);
    draw_for_epoch(passages, indices, chances.seed, chances.epoch, batch.targets);
    Random dropout(chances.seed,
                   fmt::format("dropout of update {}, batch of passage {}", chances.update, indices.front()));
    const ObjectiveSums sums =
        model.add_gradient(batch.packed, batch.targets, denominators, options, dropout.next(), gradient);
    totals += {sums, count_terms(batch.targets, options), batch.passage_tokens()};
  }
  return totals;
}

PassTotals evaluate_passages(const Trainable& model, std::span<const TrainingPassage> passages,
                             const ObjectiveOptions& options, std::stop_token stop, const Share& share) {
  PassTotals totals;
  const auto batches = share_of_update(batches_in_order(lengths_of(passages), kEvaluationTokens), share);
  for (const Batch& indices : batches) {
    if (stop.stop_requested()) throw Interrupted("evaluating: stopped");
    const TrainingBatch batch = make_batch(passages, indices);
    const Denominators counts = count_terms(batch.targets, options);
    totals += {model.evaluate(batch.packed, batch.targets, counts, options), counts, batch.passage_tokens()};
  }
  return totals;
}

bool has_loss(std::span<const TrainingPassage> passages, const ObjectiveOptions& options) {
  Batch all(passages.size());
  std::iota(all.begin(), all.end(), 0);
  return has_loss(count_terms_of(passages, all, options), options);
}

Json means_of(const PassTotals& totals, const ObjectiveOptions& options) {
  const ObjectiveSums& sums = totals.sums;
  const auto mean = [](double sum, double count) { return count > 0 ? sum / count : 0; };
  const auto over_words = [&](double sum) { return mean(sum, sums.content_words); };
  return {{"loss", loss_of(sums, totals.denominators, options)},
          {"next_token_loss", mean(sums.next_token_loss, totals.denominators.next_token)},
          {"concept_loss", mean(sums.concept_loss, totals.denominators.concept_words)},
          {"cross_entropy", mean(sums.cross_entropy, sums.tokens)},
          {"accuracy", mean(sums.correct, sums.tokens)},
          {"content_words", sums.content_words},
          {"content_cross_entropy", over_words(sums.content_cross_entropy)},
          {"content_accuracy", over_words(sums.content_correct)},
          {"concept_mass", over_words(sums.mass)},
          {"above_target_mass", over_words(sums.above_target_mass)},
          {"word_rank", over_words(sums.rank)},
          {"entropy", over_words(sums.entropy)}};
}

std::vector<std::int64_t> lengths_of(std::span<const TrainingPassage> passages) {
  std::vector<std::int64_t> lengths;
  for (const auto& passage : passages)
    lengths.push_back(static_cast<std::int64_t>(passage.tokens.size()) + passage.synonym_tokens());
  return lengths;
}

}  // namespace conceptune::training
