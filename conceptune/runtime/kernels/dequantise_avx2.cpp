// The dequantisation kernels for AVX2, FMA and F16C.
#include "conceptune/runtime/kernels/dequantise.inl"
#include "conceptune/runtime/kernels/dequantise_versions.h"
#include "conceptune/runtime/kernels/simd_avx2.inl"

namespace conceptune::kernels::avx2 {

const DequantiseTable<float> kDequantise = CONCEPTUNE_DEQUANTISE_TABLE(Simd);

}  // namespace conceptune::kernels::avx2
