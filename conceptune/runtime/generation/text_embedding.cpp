#include "conceptune/runtime/generation/text_embedding.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "conceptune/base/error.h"
#include "conceptune/runtime/kernels/parallel.h"
#include "conceptune/runtime/model/shared_prefix.h"

namespace conceptune::generation {
namespace {

constexpr std::string_view kDoing = "embedding texts";

using Sequences = std::span<const std::vector<std::int32_t>>;

std::int64_t tokens_read(const std::vector<std::int32_t>& sequence, const EmbeddingOptions& options) {
  return std::min<std::int64_t>(static_cast<std::int64_t>(sequence.size()), options.max_tokens);
}

/// Indices of the sequences, longest first, so that a batch holds sequences of like length and memory is
/// needed at the start or never.
std::vector<std::size_t> by_length(Sequences sequences) {
  std::vector<std::size_t> order(sequences.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return sequences[a].size() > sequences[b].size(); });
  return order;
}

/// Where the states of a text's tokens from number `first` to before number `end` lie.
std::vector<const float*> states_of(const model::Matrix& hidden_ND, const model::TextRows& rows,
                                    std::int64_t first, std::int64_t end) {
  std::vector<const float*> states;
  for (std::int64_t token = first; token < end; ++token) states.push_back(hidden_ND.row(rows.row(token)));
  return states;
}

/// The pooled states, of length 1. Sums are in double.
void pool(const std::vector<const float*>& states_TD, Pooling pooling, std::int64_t width, float* vector_D) {
  std::vector<double> sum_D(static_cast<std::size_t>(width));
  const auto add = [&](const float* state_D) {
    std::transform(sum_D.begin(), sum_D.end(), state_D, sum_D.begin(), std::plus<>());
  };
  if (pooling == Pooling::mean)
    std::for_each(states_TD.begin(), states_TD.end(), add);
  else
    add(pooling == Pooling::last ? states_TD.back() : states_TD.front());
  const double length = std::sqrt(std::inner_product(sum_D.begin(), sum_D.end(), sum_D.begin(), 0.0));
  std::transform(sum_D.begin(), sum_D.end(), vector_D,
                 [&](double value) { return static_cast<float>(value / length); });
}

void check_input(const model::Decoder& decoder, Sequences sequences, int leading_tokens,
                 const EmbeddingOptions& options) {
  if (options.layer < -1 || options.layer > decoder.config().layers)
    throw InputError(kDoing, "layer",
                     fmt::format("is {}, expected -1 to {}", options.layer, decoder.config().layers));
  for (std::size_t i = 0; i < sequences.size(); ++i)
    if (tokens_read(sequences[i], options) <= leading_tokens)
      throw InputError(kDoing, fmt::format("text {}", i + 1), "has no tokens, expected at least one");
}

}  // namespace

model::Matrix embed_sequences(const model::Decoder& decoder, Sequences sequences, int leading_tokens,
                              const EmbeddingOptions& options, const model::LoraAdapter* adapter,
                              ProgressObserver* observer, std::stop_token stop) {
  check_input(decoder, sequences, leading_tokens, options);
  Progress progress(observer, "embedding", static_cast<std::int64_t>(sequences.size()), "texts");
  model::Matrix rows_SD(std::ssize(sequences), decoder.config().width);
  const std::vector<std::size_t> order = by_length(sequences);
  for (std::size_t begin = 0; begin < order.size();) {
    if (stop.stop_requested()) throw Interrupted("embedding texts: stopped");
    model::PackedBatch batch;
    std::vector<model::TextRows> rows;
    std::size_t end = begin;
    for (; end < order.size(); ++end) {
      const auto& sequence = sequences[order[end]];
      const std::int64_t tokens = tokens_read(sequence, options);
      if (end > begin && batch.size() + tokens > options.tokens_per_batch) break;
      rows.push_back(model::append_sharing(batch, std::span(sequence).first(tokens)));
    }
    const model::Matrix hidden_ND = decoder.forward(batch, adapter, {.layers = options.layer});
    kernels::parallel_for(static_cast<std::int64_t>(end - begin), [&](std::int64_t i) {
      const std::size_t text = order[begin + static_cast<std::size_t>(i)];
      pool(states_of(hidden_ND, rows[static_cast<std::size_t>(i)], leading_tokens,
                     tokens_read(sequences[text], options)),
           options.pooling, rows_SD.width(), rows_SD.row(static_cast<std::int64_t>(text)));
    });
    progress.add(static_cast<std::int64_t>(end - begin));
    begin = end;
  }
  return rows_SD;
}

model::Matrix embed(const model::Decoder& decoder, const tokenizer::Tokenizer& tokenizer,
                    std::span<const std::string> texts, const EmbeddingOptions& options,
                    const model::LoraAdapter* adapter, ProgressObserver* observer, std::stop_token stop) {
  std::vector<std::vector<std::int32_t>> sequences;
  sequences.reserve(texts.size());
  for (const std::string& text : texts) sequences.push_back(tokenizer.with_begin(tokenizer.encode_ids(text)));
  const int leading_tokens = options.include_begin ? 0 : static_cast<int>(tokenizer.leading_tokens());
  return embed_sequences(decoder, sequences, leading_tokens, options, adapter, observer, std::move(stop));
}

}  // namespace conceptune::generation
