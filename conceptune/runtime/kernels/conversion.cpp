#include "conceptune/runtime/kernels/conversion.h"

namespace conceptune::kernels {

const ConversionKernels& conversion_kernels_of(Isa isa) {
  switch (isa) {
    case Isa::plain:
      return plain::kConversionKernels;
    case Isa::avx2:
      return avx2::kConversionKernels;
    case Isa::avx512:
      return avx512::kConversionKernels;
    case Isa::avx512bf16:
      break;
  }
  return avx512bf16::kConversionKernels;
}

const ConversionKernels& conversion_kernels() { return conversion_kernels_of(active_isa()); }

}  // namespace conceptune::kernels
