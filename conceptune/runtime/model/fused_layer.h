// A decoder layer on the CPU as one step of autograd: its matrix products by libraries, everything between
// them by our kernels in float32, and a backward pass written by hand that goes through the frozen
// weights once.
//
// Shapes: N tokens of the batch, D width.
#pragma once

#include "conceptune/torch_pch.h"

#include "conceptune/runtime/matrices/tensor_pool.h"
#include "conceptune/runtime/model/adapted_linear.h"
#include "conceptune/runtime/model/attention_memory.h"
#include "conceptune/runtime/model/rope.h"

namespace conceptune::model {

/// What the layers of one pass share.
struct FusedPass {
  const weights::ModelConfig* config;
  const DecoderWeights* weights;
  const LoraAdapter* adapter;  // or null
  PackedBatch batch;
  Rotation rotation;
  DropoutPlan dropout;
  bool recompute = false;             // keep of a layer what it cannot cheaply make again (Chen et al., 2016)
  AttentionMemory* memory = nullptr;  // only where no gradient is asked for
  Visibility visibility = {};         // the batch's
  TensorPool pool;
  std::vector<std::int64_t> longest_first = {};  // the batch's sequences
};

/// Whether the fused layer can run: weights on the CPU.
bool can_fuse(const DecoderWeights& weights);

/// The layer's output, equal to that of the plain operations to rounding. Differentiable with respect to the
/// input and the adapter's matrices when grad mode is on; the gradient needs weights and adapter to be alive
/// still, and each adapter matrix as it was.
at::Tensor fused_layer(const std::shared_ptr<const FusedPass>& pass, std::int64_t index,
                       const at::Tensor& hidden_ND);

}  // namespace conceptune::model
