#include "conceptune/runtime/kernels/layer_kernels.h"

#include "conceptune/runtime/kernels/attention_kernels.h"
#include "conceptune/runtime/kernels/isa_versions.h"

namespace conceptune::kernels {

const LayerKernels& layer_kernels_of(Isa isa) {
  return version_for(isa, plain::kLayerKernels, avx2::kLayerKernels, avx512::kLayerKernels,
                     avx512::kLayerKernels);
}

const AttentionKernels& attention_kernels_of(Isa isa) {
  return version_for(isa, plain::kAttentionKernels, avx2::kAttentionKernels, avx512::kAttentionKernels,
                     avx512::kAttentionKernels);
}

const AttentionKernels& attention_kernels(bool bf16) {
  return bf16 ? avx512bf16::kAttentionKernels : attention_kernels_of(active_isa());
}

const LayerKernels& layer_kernels() { return layer_kernels_of(active_isa()); }

}  // namespace conceptune::kernels
