// What training, annotation and evaluation will hold in memory.
#pragma once

#include <cstdint>

#include "conceptune/experiment/run_config.h"
#include "conceptune/runtime/weights/weight_store.h"

namespace conceptune::experiment {

/// Numbers of all tensors of a model.
double value_count(const weights::WeightStore& weights);

/// Bytes of all tensors of a model as its files hold them.
double stored_bytes(const weights::WeightStore& weights);

/// Bytes that are in use while a model is trained with batches of so many tokens: weights, what one batch
/// keeps for its backward pass, and for all weights their gradients, two moments and the best ones.
std::int64_t training_memory(const weights::WeightStore& weights, const RunConfig& config,
                             double batch_tokens);

/// Bytes that are in use while passages go forward through a model: its weights as `options` hold them, and
/// what the passes and the text's tools work in. Pages of the model's file, which the system takes back where
/// it needs them, are not counted.
std::int64_t passes_memory(const weights::WeightStore& weights, const model::DecoderOptions& options);

}  // namespace conceptune::experiment
