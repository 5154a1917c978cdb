// Hidden states of words put in other words' places, with everything before them computed once.
//
// Shapes: N tokens of the text, S substitutes, D width.
#pragma once

#include <cstdint>
#include <span>

#include "conceptune/runtime/model/decoder.h"

namespace conceptune::concepts {

/// One token in the place of another.
struct Substitute {
  std::int32_t position;  // of the token that it replaces
  std::int32_t id;
};

struct SubstitutedStates {
  model::Matrix text_ND;        // of the text as it is
  model::Matrix substitute_SD;  // of each substitute at its place, after the tokens before it
};

/// Final hidden states (after the norm). `substitutes` ascend by position; `ids` has at least one token and
/// is within the model's context.
SubstitutedStates substitute(const model::Decoder& decoder, std::span<const std::int32_t> ids,
                             std::span<const Substitute> substitutes);

}  // namespace conceptune::concepts
