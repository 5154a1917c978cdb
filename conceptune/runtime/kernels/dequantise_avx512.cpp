// The dequantisation kernels for AVX-512 F, BW, DQ and VL.
#define CONCEPTUNE_ISA_NAMESPACE avx512
#include "conceptune/runtime/kernels/dequantise.inl"
#include "conceptune/runtime/kernels/dequantise_versions.h"
#include "conceptune/runtime/kernels/simd_avx512.inl"

namespace conceptune::kernels::avx512 {

const DequantiseTable<float> kDequantise = CONCEPTUNE_DEQUANTISE_TABLE(Simd);

}  // namespace conceptune::kernels::avx512
