// Softmax over rows of logits for AVX-512.
#define CONCEPTUNE_ISA_NAMESPACE avx512
#include "conceptune/runtime/kernels/logit_kernels.inl"
