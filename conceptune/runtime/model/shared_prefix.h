// Texts in a batch that run the tokens which they have in common only once.
#pragma once

#include <cstdint>
#include <span>

#include "conceptune/runtime/model/packed_batch.h"

namespace conceptune::model {

/// Where the tokens of a text lie in a batch: the first `shared` of them where another text has them too.
struct TextRows {
  std::int64_t shared_begin = 0, shared = 0;
  std::int64_t own_begin = 0;

  /// Index in the batch of a token of the text.
  std::int64_t row(std::int64_t token) const {
    return token < shared ? shared_begin + token : own_begin + token - shared;
  }
};

/// Adds a text to the batch: as a branch of its last sequence where both begin alike and the tokens saved
/// outweigh what attention passes over in vain, else as a sequence. Texts that begin alike should follow one
/// another. States are those of the text run alone, to rounding.
TextRows append_sharing(PackedBatch& batch, std::span<const std::int32_t> text);

}  // namespace conceptune::model
