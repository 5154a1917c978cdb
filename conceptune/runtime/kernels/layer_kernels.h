// The decoder layer's arithmetic between its matrix products and its attention, in the calling thread; one
// version per instruction set, chosen by active_isa().
//
// Shapes: N rows, D width, H heads, K head size. All arrays are float32, row-major and dense.
#pragma once

#include <cstdint>

#include "conceptune/runtime/kernels/isa.h"

namespace conceptune::kernels {

/// The functions of one instruction set.
struct LayerKernels {
  /// y = x · scale · weight with scale = 1/√(mean x² + epsilon) of each row, kept in scale_N.
  void (*rms_norm)(const float* x_ND, const float* weight_D, float epsilon, std::int64_t rows,
                   std::int64_t width, float* y_ND, float* scale_N);
  /// Adds to d_x what d_y gives.
  void (*rms_norm_backward)(const float* d_y_ND, const float* x_ND, const float* weight_D,
                            const float* scale_N, std::int64_t rows, std::int64_t width, float* d_x_ND);
  /// Rotates, in place, the pairs (i, i + K/2) of each head by the row's angles; direction −1 undoes it.
  void (*rotate)(float* x_NHK, const float* cos_NP, const float* sin_NP, float direction, std::int64_t rows,
                 std::int64_t heads, std::int64_t head_size);
  /// silu(gate) · up.
  void (*swiglu)(const float* gate, const float* up, std::int64_t count, float* product);
  /// From d_product; d_gate and d_up may be gate and up themselves.
  void (*swiglu_backward)(const float* d_product, const float* gate, const float* up, std::int64_t count,
                          float* d_gate, float* d_up);
  /// to (columns × rows, its rows `leading` apart) = the transpose of `from` (rows × columns). Rows of `to`
  /// are filled up with zeros to a multiple of at most 16.
  void (*transpose)(const float* from, std::int64_t rows, std::int64_t columns, float* to,
                    std::int64_t leading);
};

/// Of the active instruction set.
const LayerKernels& layer_kernels();
const LayerKernels& layer_kernels_of(Isa isa);

namespace plain {
extern const LayerKernels kLayerKernels;
}
namespace avx2 {
extern const LayerKernels kLayerKernels;
}
namespace avx512 {
extern const LayerKernels kLayerKernels;
}

}  // namespace conceptune::kernels
