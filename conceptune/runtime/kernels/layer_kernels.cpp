#include "conceptune/runtime/kernels/layer_kernels.h"

#include "conceptune/runtime/kernels/attention_kernels.h"

namespace conceptune::kernels {

const LayerKernels& layer_kernels_of(Isa isa) {
  switch (isa) {
    case Isa::plain:
      return plain::kLayerKernels;
    case Isa::avx2:
      return avx2::kLayerKernels;
    case Isa::avx512:
    case Isa::avx512bf16:
      break;
  }
  return avx512::kLayerKernels;
}

const AttentionKernels& attention_kernels_of(Isa isa) {
  switch (isa) {
    case Isa::plain:
      return plain::kAttentionKernels;
    case Isa::avx2:
      return avx2::kAttentionKernels;
    case Isa::avx512:
    case Isa::avx512bf16:
      break;
  }
  return avx512::kAttentionKernels;
}

const AttentionKernels& attention_kernels(bool bf16) {
  return bf16 ? avx512bf16::kAttentionKernels : attention_kernels_of(active_isa());
}

const LayerKernels& layer_kernels() { return layer_kernels_of(active_isa()); }

}  // namespace conceptune::kernels
