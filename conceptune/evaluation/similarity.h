// Cosine similarity of text pairs in a model's hidden states (paper section 4.1).
#pragma once

#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "conceptune/base/progress.h"
#include "conceptune/evaluation/benchmarks/benchmarks.h"
#include "conceptune/evaluation/text_convention.h"
#include "conceptune/results/results.h"
#include "conceptune/runtime/model/decoder.h"

namespace conceptune::evaluation {

/// A benchmark's pairs as token ids, each different text once.
struct EncodedPairs {
  std::vector<std::vector<tokenizer::TokenId>> texts;
  struct Pair {
    std::size_t first, second;  // indices into texts
    std::size_t source;         // index into the benchmark's pairs
  };
  std::vector<Pair> pairs;
  std::vector<Skip> skipped;  // pairs with a text that has no token, or more than the context holds
};

/// Encodes the first `limit` pairs (0 for all).
EncodedPairs encode_pairs(const PairBenchmark& benchmark, const TextEncoder& encoder,
                          std::int64_t context_length, std::int64_t limit);

/// The cosine of every pair, in order. Throws Interrupted on a stop request.
std::vector<double> pair_cosines(const model::Decoder& decoder, const model::LoraAdapter* adapter,
                                 const EncodedPairs& pairs, const TextEncoder& encoder, int tokens_per_batch,
                                 ProgressObserver* observer, std::stop_token stop);

}  // namespace conceptune::evaluation
