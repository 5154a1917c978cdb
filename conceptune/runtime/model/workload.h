// What a training pass through a decoder costs: arithmetic, memory, and the machine's rate to hold it
// against.
#pragma once

#include "conceptune/torch_pch.h"

#include "conceptune/runtime/model/projection.h"

namespace conceptune::model {

/// FLOP of the matrix products with frozen weights, head included, for one token of a training step: 2 a
/// weight forward and 2 for the gradient of its input.
double training_flop_per_token(const weights::ModelConfig& config);

/// Bytes that the fused layers keep of each token from the forward pass to the backward pass; with
/// `recompute`, what they keep when the rest is computed again (ForwardOptions::recompute).
std::int64_t activation_bytes_per_token(const weights::ModelConfig& config, bool recompute);

/// FLOP per second of libtorch's matrix products alone on the model's shapes, forward and input gradient,
/// for `rows` tokens at once and operands of `type`: the rate that training is held against. Takes about
/// three times as long as those products once.
double product_rate(const weights::ModelConfig& config, std::int64_t rows, at::ScalarType type);

}  // namespace conceptune::model
