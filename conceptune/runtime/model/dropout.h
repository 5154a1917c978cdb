// Dropout masks of LoRA's inputs, from a generator of their own.
#pragma once

#include <cstdint>

#include "conceptune/runtime/model/projection.h"

namespace conceptune::model {

/// Which mask: every projection of every layer draws its own.
struct DropoutStream {
  std::uint64_t seed;
  std::int64_t layer;
  Projection projection;
};

/// Rows [first_row, first_row + rows) of mask_NI into `values`, rows × columns floats: 0 at probability
/// `rate`, else 1 / (1 − rate). Element (n, i) depends on the stream, n and i alone, so that a mask can be
/// made again instead of kept. 0 ≤ rate < 1.
void fill_dropout_mask(const DropoutStream& stream, double rate, std::int64_t first_row, std::int64_t rows,
                       std::int64_t columns, float* values);

}  // namespace conceptune::model
