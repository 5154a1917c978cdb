// What a training pass through a decoder costs: arithmetic, memory, and the machine's rate to hold it
// against.
#pragma once

#include <cstdint>

#include "conceptune/runtime/matrices/frozen_matrix.h"
#include "conceptune/runtime/model/projection.h"

namespace conceptune::model {

/// FLOP of the matrix products with frozen weights, head included, for one token of a training step: 2 a
/// weight forward and 2 for the gradient of its input.
double training_flop_per_token(const weights::ModelConfig& config);

/// Bytes that the layers keep of each token from the forward pass to the backward pass; with `recompute`,
/// what they keep when the rest is computed again (TrainingPassOptions::recompute).
std::int64_t activation_bytes_per_token(const weights::ModelConfig& config, ProductType products,
                                        bool recompute);

/// Which products: with the head or the layers' alone, forward alone or with the gradient of the input.
struct ProductWork {
  bool head = true, gradients = true;
};

/// FLOP of these products for one token: 2 a weight and pass. (All of them: training_flop_per_token().)
double product_flop_per_token(const weights::ModelConfig& config, const ProductWork& work);

/// FLOP per second that the machine reaches on these products alone, on the model's shapes for `rows` tokens
/// at once, by the libraries that the layers call, best of `repeats`. The rate that forward passes and
/// training are held against.
double product_rate(const weights::ModelConfig& config, std::int64_t rows, ProductType products,
                    const ProductWork& work = {}, int repeats = 3);

}  // namespace conceptune::model
