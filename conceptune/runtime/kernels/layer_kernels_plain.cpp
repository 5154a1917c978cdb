// The layer's kernels for the baseline processor.
#define CONCEPTUNE_ISA_NAMESPACE plain
#define CONCEPTUNE_LANES 4
#define CONCEPTUNE_TILE_VECTORS 2
#include "conceptune/runtime/kernels/layer_kernels.inl"
