// The conversions for the baseline processor.
#define CONCEPTUNE_ISA_NAMESPACE plain
#include "conceptune/runtime/kernels/conversion.inl"

namespace conceptune::kernels::plain {

const ConversionKernels kConversionKernels = {to_bf16, from_bf16};

}  // namespace conceptune::kernels::plain
