#include "conceptune/runtime/generation/text_embedding.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "conceptune/base/error.h"
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

at::Tensor pool(const at::Tensor& hidden_TD, Pooling pooling) {
  switch (pooling) {
    case Pooling::last:
      return hidden_TD[-1];
    case Pooling::first:
      return hidden_TD[0];
    case Pooling::mean:
      break;
  }
  return hidden_TD.mean(0);
}

/// The states of a text's tokens from number `first` to before number `end`.
at::Tensor states_of(const at::Tensor& hidden_ND, const model::TextRows& rows, std::int64_t first,
                     std::int64_t end) {
  const std::int64_t shared = std::clamp(rows.shared, first, end);
  const at::Tensor own_TD = hidden_ND.slice(0, rows.row(shared), rows.row(shared) + end - shared);
  if (shared == first) return own_TD;
  const std::int64_t begin = rows.shared_begin;
  return at::cat({hidden_ND.slice(0, begin + first, begin + shared), own_TD});
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

at::Tensor embed_sequences(const model::Decoder& decoder, Sequences sequences, int leading_tokens,
                           const EmbeddingOptions& options, const model::LoraAdapter* adapter,
                           ProgressObserver* observer, std::stop_token stop) {
  check_input(decoder, sequences, leading_tokens, options);
  const at::NoGradGuard no_grad;
  Progress progress(observer, "embedding", static_cast<std::int64_t>(sequences.size()), "texts");
  at::Tensor rows_SD =
      at::empty({static_cast<std::int64_t>(sequences.size()), decoder.config().width}, at::kFloat);
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
    const at::Tensor hidden_ND = decoder.forward(batch, adapter, {.layers = options.layer}).to(at::kFloat);
    for (std::size_t i = begin; i < end; ++i) {
      const at::Tensor of_text_TD =
          states_of(hidden_ND, rows[i - begin], leading_tokens, tokens_read(sequences[order[i]], options));
      const at::Tensor vector_D = pool(of_text_TD, options.pooling);
      rows_SD[static_cast<std::int64_t>(order[i])].copy_(vector_D / vector_D.norm());
    }
    progress.add(static_cast<std::int64_t>(end - begin));
    begin = end;
  }
  return rows_SD;
}

at::Tensor embed(const model::Decoder& decoder, const tokenizer::Tokenizer& tokenizer,
                 std::span<const std::string> texts, const EmbeddingOptions& options,
                 const model::LoraAdapter* adapter, ProgressObserver* observer, std::stop_token stop) {
  const auto begin_token = tokenizer.begin_token();
  std::vector<std::vector<std::int32_t>> sequences;
  sequences.reserve(texts.size());
  for (const std::string& text : texts) {
    auto& sequence = sequences.emplace_back();
    if (begin_token) sequence.push_back(*begin_token);
    const auto ids = tokenizer.encode_ids(text);
    sequence.insert(sequence.end(), ids.begin(), ids.end());
  }
  const int leading_tokens = begin_token && !options.include_begin ? 1 : 0;
  return embed_sequences(decoder, sequences, leading_tokens, options, adapter, observer, std::move(stop));
}

}  // namespace conceptune::generation
