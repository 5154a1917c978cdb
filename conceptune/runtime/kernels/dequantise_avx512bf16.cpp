// The dequantisation kernels that round what they expand to bfloat16, for AVX-512 with BF16.
#define CONCEPTUNE_ISA_NAMESPACE avx512bf16
#include "conceptune/runtime/kernels/dequantise.inl"
#include "conceptune/runtime/kernels/dequantise_versions.h"
#include "conceptune/runtime/kernels/simd_avx512.inl"

namespace conceptune::kernels::avx512bf16 {
namespace {

struct RoundingSimd : Simd {
  using Number = std::uint16_t;

  static void store(std::uint16_t* p, Floats a) {
    const __m256bh halves = _mm512_cvtneps_pbh(a);
    std::memcpy(p, &halves, sizeof halves);
  }
  static void store_one(std::uint16_t* p, float value) {
    const __m256bh halves = _mm512_cvtneps_pbh(_mm512_set1_ps(value));
    std::memcpy(p, &halves, sizeof *p);
  }
};

}  // namespace

const DequantiseTable<std::uint16_t> kDequantise = CONCEPTUNE_DEQUANTISE_TABLE(RoundingSimd);

}  // namespace conceptune::kernels::avx512bf16
