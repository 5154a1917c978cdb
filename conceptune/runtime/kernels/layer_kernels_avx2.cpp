// The layer's kernels for AVX2.
#define CONCEPTUNE_ISA_NAMESPACE avx2
#define CONCEPTUNE_LANES 8
#define CONCEPTUNE_TILE_VECTORS 2
#include "conceptune/runtime/kernels/layer_kernels.inl"
