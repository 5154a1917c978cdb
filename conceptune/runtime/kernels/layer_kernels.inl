// The layer's kernels as loops that the compiler turns into vectors of the instruction set that the including
// file is built for. It defines what attention_products.inl asks for.
#include <algorithm>
#include <cmath>
#include <limits>

#include "conceptune/runtime/kernels/attention.inl"
#include "conceptune/runtime/kernels/layer_kernels.h"
#include "conceptune/runtime/kernels/prefix_attention.inl"

namespace conceptune::kernels::CONCEPTUNE_ISA_NAMESPACE {
namespace {

void rms_norm(const float* x_ND, const float* weight_D, float epsilon, std::int64_t rows, std::int64_t width,
              float* y_ND, float* scale_N) {
  for (std::int64_t n = 0; n < rows; ++n) {
    const float* x = x_ND + n * width;
    float* y = y_ND + n * width;
    const float scale = 1.0F / std::sqrt(dot(x, x, width) / static_cast<float>(width) + epsilon);
#pragma omp simd
    for (std::int64_t d = 0; d < width; ++d) y[d] = x[d] * scale * weight_D[d];
    scale_N[n] = scale;
  }
}

// With s the scale and g = weight · d_y: d_x = s g − s³ x mean(g · x).
void rms_norm_backward(const float* d_y_ND, const float* x_ND, const float* weight_D, const float* scale_N,
                       std::int64_t rows, std::int64_t width, float* d_x_ND) {
  for (std::int64_t n = 0; n < rows; ++n) {
    const float *d_y = d_y_ND + n * width, *x = x_ND + n * width;
    float* d_x = d_x_ND + n * width;
    const float scale = scale_N[n];
    float projection = 0;
#pragma omp simd reduction(+ : projection)
    for (std::int64_t d = 0; d < width; ++d) projection += weight_D[d] * d_y[d] * x[d];
    const float pull = scale * scale * scale * projection / static_cast<float>(width);
#pragma omp simd
    for (std::int64_t d = 0; d < width; ++d) d_x[d] += scale * weight_D[d] * d_y[d] - pull * x[d];
  }
}

void rotate(float* x_NHK, const float* cos_NP, const float* sin_NP, float direction, std::int64_t rows,
            std::int64_t heads, std::int64_t head_size) {
  const std::int64_t pairs = head_size / 2;
  for (std::int64_t n = 0; n < rows; ++n) {
    const float *cosine = cos_NP + n * pairs, *sine = sin_NP + n * pairs;
    for (std::int64_t h = 0; h < heads; ++h) {
      float* first = x_NHK + (n * heads + h) * head_size;
      float* second = first + pairs;
#pragma omp simd
      for (std::int64_t p = 0; p < pairs; ++p) {
        const float a = first[p], b = second[p], s = direction * sine[p];
        first[p] = a * cosine[p] - b * s;
        second[p] = b * cosine[p] + a * s;
      }
    }
  }
}

void swiglu(const float* gate, const float* up, std::int64_t count, float* product) {
#pragma omp simd
  for (std::int64_t i = 0; i < count; ++i) product[i] = gate[i] / (1.0F + exponential(-gate[i])) * up[i];
}

// silu'(g) = σ (1 + g (1 − σ)).
void swiglu_backward(const float* d_product, const float* gate, const float* up, std::int64_t count,
                     float* d_gate, float* d_up) {
#pragma omp simd
  for (std::int64_t i = 0; i < count; ++i) {
    const float sigma = 1.0F / (1.0F + exponential(-gate[i]));
    const float slope = sigma * (1.0F + gate[i] * (1.0F - sigma));
    const float of_gate = d_product[i] * up[i] * slope, of_up = d_product[i] * gate[i] * sigma;
    d_gate[i] = of_gate;
    d_up[i] = of_up;
  }
}

void transpose(const float* from, std::int64_t rows, std::int64_t columns, float* to, std::int64_t leading) {
  for (std::int64_t row = 0; row < rows; row += kLanes)
    transpose_rows({from + row * columns, columns, 1}, std::min<std::int64_t>(kLanes, rows - row), columns,
                   to + row, leading);
}

}  // namespace

extern const LayerKernels kLayerKernels = {rms_norm, rms_norm_backward, rotate,
                                           swiglu,   swiglu_backward,   transpose};

extern const AttentionKernels kAttentionKernels = {
    attention<Float32Products>, attention_backward<Float32Products>, prefix_attention<Float32Products>};

}  // namespace conceptune::kernels::CONCEPTUNE_ISA_NAMESPACE
