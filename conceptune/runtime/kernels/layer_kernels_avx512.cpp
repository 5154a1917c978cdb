// The layer's kernels for AVX-512.
#define CONCEPTUNE_ISA_NAMESPACE avx512
#define CONCEPTUNE_LANES 16
#define CONCEPTUNE_TILE_VECTORS 4
#include "conceptune/runtime/kernels/layer_kernels.inl"
