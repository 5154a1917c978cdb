// The conversions for AVX-512 with BF16: rounding is one instruction.
#define CONCEPTUNE_ISA_NAMESPACE avx512bf16
#include <immintrin.h>

#include "conceptune/runtime/kernels/conversion.inl"

namespace conceptune::kernels::avx512bf16 {
namespace {

void to_bf16_by_instruction(const float* values, std::int64_t count, std::uint16_t* rounded) {
  std::int64_t i = 0;
  for (; i + 32 <= count; i += 32) {
    const __m512bh halves =
        _mm512_cvtne2ps_pbh(_mm512_loadu_ps(values + i + 16), _mm512_loadu_ps(values + i));
    __builtin_memcpy(rounded + i, &halves, sizeof halves);
  }
  for (; i + 16 <= count; i += 16) {
    const __m256bh halves = _mm512_cvtneps_pbh(_mm512_loadu_ps(values + i));
    __builtin_memcpy(rounded + i, &halves, sizeof halves);
  }
  if (i == count) return;
  const auto rest = static_cast<__mmask16>((1U << (count - i)) - 1U);
  const __m256bh halves = _mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(rest, values + i));
  _mm256_mask_storeu_epi16(rounded + i, rest, reinterpret_cast<__m256i>(halves));
}

}  // namespace

const ConversionKernels kConversionKernels = {to_bf16_by_instruction, from_bf16};

}  // namespace conceptune::kernels::avx512bf16
