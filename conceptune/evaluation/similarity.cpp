// Shapes: S texts, D width.
#include "conceptune/evaluation/similarity.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace conceptune::evaluation {
namespace {

/// Why a text cannot be run; empty when it can.
std::string problem_with(const std::vector<tokenizer::TokenId>& ids, int unpooled,
                         std::int64_t context_length) {
  if (static_cast<std::int64_t>(ids.size()) <= unpooled) return "a text has no tokens";
  if (static_cast<std::int64_t>(ids.size()) > context_length)
    return fmt::format("a text has {} tokens, the context holds {}", ids.size(), context_length);
  return {};
}

/// Dot product in double: float32 rows of length 1 would round the last digits that ranks may turn on.
double dot(const float* a, const float* b, std::int64_t size) {
  double sum = 0;
  for (std::int64_t i = 0; i < size; ++i) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return sum;
}

}  // namespace

EncodedPairs encode_pairs(const PairBenchmark& benchmark, const TextEncoder& encoder,
                          std::int64_t context_length, std::int64_t limit) {
  EncodedPairs encoded;
  std::map<std::string, std::size_t> index_of;
  const auto index_of_text = [&](const std::string& text) {
    const auto [place, is_new] = index_of.try_emplace(text, encoded.texts.size());
    if (is_new) encoded.texts.push_back(encoder.encode(text));
    return place->second;
  };
  const std::size_t count =
      limit > 0 ? std::min<std::size_t>(benchmark.pairs.size(), limit) : benchmark.pairs.size();
  for (std::size_t i = 0; i < count; ++i) {
    const TextPair& pair = benchmark.pairs[i];
    const EncodedPairs::Pair indices{index_of_text(pair.first), index_of_text(pair.second), i};
    std::string problem =
        problem_with(encoded.texts[indices.first], encoder.unpooled_tokens(), context_length);
    if (problem.empty())
      problem = problem_with(encoded.texts[indices.second], encoder.unpooled_tokens(), context_length);
    if (problem.empty())
      encoded.pairs.push_back(indices);
    else
      encoded.skipped.push_back({fmt::format("line {}", pair.line), problem});
  }
  return encoded;
}

std::vector<double> pair_cosines(const model::Decoder& decoder, const model::LoraAdapter* adapter,
                                 const EncodedPairs& pairs, const TextEncoder& encoder, int tokens_per_batch,
                                 ProgressObserver* observer, std::stop_token stop) {
  // Only texts of pairs that are kept: the others may not fit the model.
  std::vector<std::vector<tokenizer::TokenId>> texts;
  std::map<std::size_t, std::int64_t> row_of;
  const auto add = [&](std::size_t text) {
    if (row_of.try_emplace(text, static_cast<std::int64_t>(texts.size())).second)
      texts.push_back(pairs.texts[text]);
  };
  for (const auto& pair : pairs.pairs) {
    add(pair.first);
    add(pair.second);
  }
  if (texts.empty()) return {};
  const generation::EmbeddingOptions options{.pooling = encoder.convention().pooling,
                                             .include_begin = encoder.convention().pool_begin,
                                             .layer = encoder.convention().layer,
                                             .max_tokens = static_cast<int>(decoder.config().context_length),
                                             .tokens_per_batch = tokens_per_batch};
  const model::Matrix rows_SD = generation::embed_sequences(decoder, texts, encoder.unpooled_tokens(),
                                                            options, adapter, observer, std::move(stop));
  std::vector<double> cosines;
  for (const auto& pair : pairs.pairs)
    cosines.push_back(
        dot(rows_SD.row(row_of[pair.first]), rows_SD.row(row_of[pair.second]), rows_SD.width()));
  return cosines;
}

}  // namespace conceptune::evaluation
