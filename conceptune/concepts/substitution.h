// Hidden states of words put in other words' places, with everything before them computed once.
//
// Shapes: N tokens of the texts, M tokens of all substitutes, D width.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "conceptune/runtime/generation/kv_cache.h"
#include "conceptune/runtime/model/decoder.h"

namespace conceptune::concepts {

/// Tokens that go on from a text's first ones.
struct Substitute {
  std::int32_t position;          // of the token that the first one replaces; the text's length for its end
  std::vector<std::int32_t> ids;  // at least one
  std::int32_t text = 0;          // which of the texts
};

struct SubstitutedStates {
  model::Matrix states_MD;           // of the substitutes' tokens, end to end
  std::vector<std::int32_t> starts;  // where each substitute begins in it, then M
};

/// Texts that a model has run once, for any number of substitutes to go on from them.
class SharedTexts {
 public:
  /// Each text has at least one token and is within the model's context; `decoder` must outlive this.
  SharedTexts(const model::Decoder& decoder, std::span<const std::vector<std::int32_t>> texts);

  const model::Decoder& decoder() const { return decoder_; }
  /// Final hidden states (after the norm) of the texts as they are, end to end.
  const model::Matrix& states_ND() const { return states_ND_; }
  std::span<const std::int32_t> ids(std::int32_t text) const;
  /// Where a text's token lies in states_ND().
  std::int64_t row(std::int32_t text, std::int32_t position) const;

  /// Final hidden states. A text with any substitute is within the model's context. Substitutes at one place
  /// are run together where they are neighbours.
  SubstitutedStates substitute(std::span<const Substitute> substitutes);

 private:
  const model::Decoder& decoder_;
  generation::KvCache cache_;
  model::PackedBatch texts_;
  model::Matrix states_ND_;
};

/// Cosine of two vectors, summed in double precision.
double cosine(const float* a, const float* b, std::int64_t size);

}  // namespace conceptune::concepts
