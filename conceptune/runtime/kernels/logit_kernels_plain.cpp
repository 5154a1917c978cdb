// Softmax over rows of logits for the baseline processor.
#define CONCEPTUNE_ISA_NAMESPACE plain
#include "conceptune/runtime/kernels/logit_kernels.inl"
