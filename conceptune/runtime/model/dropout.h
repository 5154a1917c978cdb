// Dropout masks of LoRA's inputs, from a generator of their own.
#pragma once

#include "conceptune/torch_pch.h"

#include "conceptune/runtime/model/projection.h"

namespace conceptune::model {

/// Which mask: every projection of every layer draws its own.
struct DropoutStream {
  std::uint64_t seed;
  std::int64_t layer;
  Projection projection;
};

/// mask_NI with 0 at probability `rate`, else 1 / (1 − rate). Element (n, i) depends on the stream, n and i
/// alone, so a mask can be made again instead of kept. 0 ≤ rate < 1.
at::Tensor dropout_mask(const DropoutStream& stream, double rate, std::int64_t rows, std::int64_t columns);

/// Rows [first_row, first_row + rows) of the same mask into `values`, rows × columns floats.
void fill_dropout_mask(const DropoutStream& stream, double rate, std::int64_t first_row, std::int64_t rows,
                       std::int64_t columns, float* values);

}  // namespace conceptune::model
