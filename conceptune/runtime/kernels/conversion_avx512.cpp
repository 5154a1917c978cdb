// The conversions for AVX-512.
#define CONCEPTUNE_ISA_NAMESPACE avx512
#include "conceptune/runtime/kernels/conversion.inl"

namespace conceptune::kernels::avx512 {

const ConversionKernels kConversionKernels = {to_bf16, from_bf16};

}  // namespace conceptune::kernels::avx512
