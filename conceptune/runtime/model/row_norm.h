// RMSNorm (Zhang and Sennrich, "Root Mean Square Layer Normalization", 2019) of rows, in the calling thread.
#pragma once

#include <cstdint>

#include "conceptune/runtime/model/layer_rows.h"

namespace conceptune::model {

/// A norm's weights, which must outlive it; null for no norm.
struct RowNorm {
  const float* weight;
  std::int64_t width;
  float epsilon;

  /// y of rows [begin, begin + count) of x; a row's scale is kept for the backward pass.
  void forward(const float* x, std::int64_t begin, std::int64_t count, const Rows& y, float* scale) const;
  /// Adds to d_x what d_y, at the norm's output, gives.
  void backward(const float* d_y, const float* x, const float* scale, std::int64_t begin, std::int64_t count,
                float* d_x) const;
};

}  // namespace conceptune::model
