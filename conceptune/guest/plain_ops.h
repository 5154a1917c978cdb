// The decoder's operations made of torch ops: any device, any type, differentiable. Every fused kernel is
// held to these.
//
// Shapes: N tokens of the batch, D width, H query heads, G key/value heads, K head size, F MLP width, P =
// K/2, T tokens of one sequence.
#pragma once

#include "conceptune/guest/torch_pch.h"

#include "conceptune/runtime/model/packed_batch.h"

namespace conceptune::guest::plain {

/// x / sqrt(mean(x²) + epsilon) · weight over the last dimension, computed in float32 (Zhang and Sennrich,
/// "Root Mean Square Layer Normalization", 2019).
at::Tensor rms_norm(const at::Tensor& x_ND, const at::Tensor& weight_D, double epsilon);

/// Rotates the pairs (i, i + K/2) of every head by its token's angles.
at::Tensor rotate(const at::Tensor& x_NHK, const at::Tensor& cos_NP, const at::Tensor& sin_NP);

/// Causal attention within each sequence of a packed batch; query head h reads key/value head h·G/H.
/// `starts` as in PackedBatch, `visible` its visibility(). Softmax in float32.
at::Tensor causal_attention(const at::Tensor& q_NHK, const at::Tensor& k_NGK, const at::Tensor& v_NGK,
                            std::span<const std::int32_t> starts, const model::Visibility& visible = {});

/// silu(gate) · up (Shazeer, "GLU Variants Improve Transformer", 2020).
at::Tensor swiglu(const at::Tensor& gate_NF, const at::Tensor& up_NF);

}  // namespace conceptune::guest::plain
