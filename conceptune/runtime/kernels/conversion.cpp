#include "conceptune/runtime/kernels/conversion.h"

#include "conceptune/runtime/kernels/isa_versions.h"

namespace conceptune::kernels {

const ConversionKernels& conversion_kernels_of(Isa isa) {
  return version_for(isa, plain::kConversionKernels, avx2::kConversionKernels, avx512::kConversionKernels,
                     avx512bf16::kConversionKernels);
}

const ConversionKernels& conversion_kernels() { return conversion_kernels_of(active_isa()); }

}  // namespace conceptune::kernels
