// Attention with bfloat16 products, for AVX-512 with BF16.
#define CONCEPTUNE_ISA_NAMESPACE avx512bf16
#define CONCEPTUNE_LANES 16
#define CONCEPTUNE_TILE_VECTORS 4
#include <immintrin.h>

#include "conceptune/runtime/kernels/attention.inl"
#include "conceptune/runtime/kernels/prefix_attention.inl"

namespace conceptune::kernels::avx512bf16 {
namespace {

/// The lanes before `count`.
__mmask16 lanes_before(std::int64_t count) {
  return static_cast<__mmask16>((1U << std::clamp<std::int64_t>(count, 0, 16)) - 1U);
}

/// A unit holds two numbers, the first in its lower half.
struct Bf16Products {
  static constexpr std::int64_t kNumbers = 2;

  static void add_product(Vector& sum, float a, const Vector& b) {
    const auto pairs = reinterpret_cast<__m512bh>(_mm512_set1_ps(a));
    sum = _mm512_dpbf16_ps(sum, pairs, reinterpret_cast<__m512bh>(__m512(b)));
  }
  static void add_product(float& sum, float a, const float& b) {
    Vector first = {sum};
    add_product(first, a, Vector{b});
    sum = first[0];
  }

  static constexpr std::int64_t along_size(std::int64_t rows, std::int64_t columns) {
    return rows * ((columns + 1) / 2);
  }
  static constexpr std::int64_t across_size(std::int64_t rows, std::int64_t columns) {
    return (rows + 1) / 2 * columns;
  }

  static Left along(const float* from, std::int64_t stride, std::int64_t rows, std::int64_t columns,
                    float* to) {
    const std::int64_t units = (columns + 1) / 2;
    for (std::int64_t r = 0; r < rows; ++r)
      for (std::int64_t c = 0; c < columns; c += 32) {
        const float* const x = from + r * stride + c;
        const __m512 first = _mm512_maskz_loadu_ps(lanes_before(columns - c), x),
                     second = _mm512_maskz_loadu_ps(lanes_before(columns - c - 16), x + 16);
        _mm512_mask_storeu_ps(to + r * units + c / 2, lanes_before(units - c / 2),
                              reinterpret_cast<__m512>(_mm512_cvtne2ps_pbh(second, first)));
      }
    return {to, units, 1};
  }

  static Right across(const float* from, std::int64_t stride, std::int64_t rows, std::int64_t columns,
                      float* to) {
    for (std::int64_t r = 0; r < rows; r += 2)
      for (std::int64_t c = 0; c < columns; c += 16) {
        const __mmask16 there = lanes_before(columns - c), below = r + 1 < rows ? there : __mmask16{0};
        const float* const x = from + r * stride + c;
        const __m512i first = widened(_mm512_maskz_loadu_ps(there, x)),
                      second = widened(_mm512_maskz_loadu_ps(below, x + stride));
        _mm512_mask_storeu_epi32(to + r / 2 * columns + c, there,
                                 _mm512_or_si512(first, _mm512_slli_epi32(second, 16)));
      }
    return {to, columns};
  }

 private:
  /// Each number rounded to bfloat16, in the lower half of its lane.
  static __m512i widened(__m512 x) {
    return _mm512_cvtepu16_epi32(reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(x)));
  }
};

}  // namespace

extern const AttentionKernels kAttentionKernels = {attention<Bf16Products>, attention_backward<Bf16Products>,
                                                   prefix_attention<Bf16Products>};

}  // namespace conceptune::kernels::avx512bf16
