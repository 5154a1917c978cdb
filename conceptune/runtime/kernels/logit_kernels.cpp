#include "conceptune/runtime/kernels/logit_kernels.h"

#include "conceptune/runtime/kernels/isa_versions.h"

namespace conceptune::kernels {

const LogitKernels& logit_kernels_of(Isa isa) {
  return version_for(isa, plain::kLogitKernels, avx2::kLogitKernels, avx512::kLogitKernels,
                     avx512::kLogitKernels);
}

const LogitKernels& logit_kernels() { return logit_kernels_of(active_isa()); }

}  // namespace conceptune::kernels
