// One vector a text, from a decoder's hidden states.
//
// Shapes: S texts, D width.
#pragma once

#include <stop_token>

#include "conceptune/base/progress.h"
#include "conceptune/options/option_fields.h"
#include "conceptune/runtime/model/decoder.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"

namespace conceptune::generation {

/// Which hidden states make a text's vector: the mean of all, the last token's or the first one's.
enum class Pooling { mean, last, first };

struct EmbeddingOptions {
  Pooling pooling = Pooling::mean;
  bool include_begin = false;
  int layer = -1;
  int max_tokens = 512;
  int tokens_per_batch = 2048;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("pooling", pooling, "Hidden states that make a text's vector");
    visit("include_begin", include_begin,
          "Count the position of the begin token, where the tokenizer adds one");
    visit("layer", layer, "Layer whose output is taken: 0 for the embeddings, -1 for the last", at_least(-1));
    visit("max_tokens", max_tokens, "Tokens of a text that are read; later ones are ignored", at_least(1));
    visit("tokens_per_batch", tokens_per_batch, "Tokens that are run together", at_least(1));
  }
};

/// rows_SD, each of length 1. Texts are run packed, by length, within the token budget, a begin
/// token once for many short ones; the result does not depend on which texts are run together beyond
/// rounding. Throws InputError for a text without tokens and Interrupted when asked to stop.
model::Matrix embed(const model::Decoder& decoder, const tokenizer::Tokenizer& tokenizer,
                    std::span<const std::string> texts, const EmbeddingOptions& options = {},
                    const model::LoraAdapter* adapter = nullptr, ProgressObserver* observer = nullptr,
                    std::stop_token stop = {});

/// The same from token ids; `leading_tokens` of each sequence (a begin token) run but do not count in
/// pooling.
model::Matrix embed_sequences(const model::Decoder& decoder,
                              std::span<const std::vector<std::int32_t>> sequences, int leading_tokens,
                              const EmbeddingOptions& options = {},
                              const model::LoraAdapter* adapter = nullptr,
                              ProgressObserver* observer = nullptr, std::stop_token stop = {});

}  // namespace conceptune::generation

namespace conceptune {
template <>
inline constexpr std::pair<const char*, generation::Pooling> enum_names<generation::Pooling>[] = {
    {"mean", generation::Pooling::mean},
    {"last", generation::Pooling::last},
    {"first", generation::Pooling::first}};
}  // namespace conceptune
