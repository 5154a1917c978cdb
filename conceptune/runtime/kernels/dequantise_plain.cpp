// The dequantisation kernels for any processor.
#include "conceptune/runtime/kernels/dequantise.inl"
#include "conceptune/runtime/kernels/dequantise_versions.h"
#include "conceptune/runtime/kernels/simd_plain.inl"

namespace conceptune::kernels::plain {

const DequantiseTable<float> kDequantise = CONCEPTUNE_DEQUANTISE_TABLE(Simd);

}  // namespace conceptune::kernels::plain
