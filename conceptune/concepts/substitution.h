// Hidden states of words put in other words' places, with everything before them computed once.
//
// Shapes: N tokens of the text, M tokens of all substitutes, D width.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "conceptune/runtime/model/decoder.h"

namespace conceptune::concepts {

/// Tokens that go on from the text's first ones.
struct Substitute {
  std::int32_t position;          // of the token that the first one replaces; the text's length for its end
  std::vector<std::int32_t> ids;  // at least one
};

struct SubstitutedStates {
  model::Matrix text_ND;             // of the text as it is
  model::Matrix substitute_MD;       // of the substitutes' tokens, end to end
  std::vector<std::int32_t> starts;  // where each substitute begins in it, then M
};

/// Final hidden states (after the norm). `substitutes` ascend by position; `ids` has at least one token, and
/// the text with any substitute is within the model's context.
SubstitutedStates substitute(const model::Decoder& decoder, std::span<const std::int32_t> ids,
                             std::span<const Substitute> substitutes);

/// Cosine of two vectors, summed in double precision.
double cosine(const float* a, const float* b, std::int64_t size);

}  // namespace conceptune::concepts
