// The conversions for AVX2.
#define CONCEPTUNE_ISA_NAMESPACE avx2
#include "conceptune/runtime/kernels/conversion.inl"

namespace conceptune::kernels::avx2 {

const ConversionKernels kConversionKernels = {to_bf16, from_bf16};

}  // namespace conceptune::kernels::avx2
