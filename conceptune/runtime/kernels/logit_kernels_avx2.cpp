// Softmax over rows of logits for AVX2.
#define CONCEPTUNE_ISA_NAMESPACE avx2
#include "conceptune/runtime/kernels/logit_kernels.inl"
