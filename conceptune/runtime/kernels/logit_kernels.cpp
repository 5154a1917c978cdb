#include "conceptune/runtime/kernels/logit_kernels.h"

namespace conceptune::kernels {

const LogitKernels& logit_kernels_of(Isa isa) {
  switch (isa) {
    case Isa::plain:
      return plain::kLogitKernels;
    case Isa::avx2:
      return avx2::kLogitKernels;
    case Isa::avx512:
    case Isa::avx512bf16:
      break;
  }
  return avx512::kLogitKernels;
}

const LogitKernels& logit_kernels() { return logit_kernels_of(active_isa()); }

}  // namespace conceptune::kernels
