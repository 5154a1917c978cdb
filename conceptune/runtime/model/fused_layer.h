// A decoder layer by our kernels as one step of autograd.
//
// Shapes: N tokens of the batch, D width.
#pragma once

#include "conceptune/torch_pch.h"

#include "conceptune/runtime/model/layer_context.h"

namespace conceptune::model {

/// Whether the fused layer can run: weights on the CPU.
bool can_fuse(const DecoderWeights& weights);

/// The layer's output, equal to that of the plain operations to rounding. Differentiable with respect to the
/// input and the adapter's matrices when grad mode is on; the gradient needs weights and adapter to be alive
/// still, and each adapter matrix as it was.
at::Tensor fused_layer(const std::shared_ptr<const FusedPass>& pass, std::int64_t index,
                       const at::Tensor& hidden_ND);

}  // namespace conceptune::model
