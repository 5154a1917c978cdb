#include "conceptune/experiment/memory_estimate.h"

#include "conceptune/runtime/model/workload.h"
#include "conceptune/training/models/activation_budget.h"
#include "conceptune/training/objective/objective.h"

namespace conceptune::experiment {
namespace {

/// Bytes of the logits that training holds at once.
double logit_bytes(const weights::WeightStore& weights, bool compact, bool bf16,
                   model::ProductType products) {
  using kernels::BlockType;
  const auto& shape = weights.config();
  const BlockType stored =
      weights.info(shape.tied_head ? "model.embed_tokens.weight" : "lm_head.weight").type;
  const BlockType held = compact ? stored : bf16 ? BlockType::bf16 : BlockType::f32;
  const bool as_multiplied =
      held == (products == model::ProductType::bfloat16 ? BlockType::bf16 : BlockType::f32);
  const std::int64_t rows =
      model::FrozenMatrix::rows_at_once(shape.vocabulary, as_multiplied, training::kChunkElements);
  return static_cast<double>(sizeof(float)) * static_cast<double>(rows * shape.vocabulary);
}

}  // namespace

double value_count(const weights::WeightStore& weights) {
  double values = 0;
  for (const auto& tensor : weights.tensors()) {
    double count = 1;
    for (const auto size : tensor.shape) count *= static_cast<double>(size);
    values += count;
  }
  return values;
}

double stored_bytes(const weights::WeightStore& weights) {
  double bytes = 0;
  for (const auto& tensor : weights.tensors()) bytes += static_cast<double>(tensor.bytes);
  return bytes;
}

std::int64_t training_memory(const weights::WeightStore& weights, const RunConfig& config,
                             double batch_tokens) {
  const auto& shape = weights.config();
  const double values = value_count(weights);
  const bool compact = model::for_training(config.model.decoder).memory == model::WeightMemory::compact;
  const bool bf16 = config.model.decoder.type == model::DataType::bfloat16;
  const double value_bytes = bf16 ? 2 : 4;
  const auto products = bf16 ? model::fastest_products() : model::ProductType::float32;
  const double logits = logit_bytes(weights, compact, bf16, products);
  const auto total = [&](bool recompute) {
    return (compact ? stored_bytes(weights) : values * value_bytes) + logits +
           batch_tokens * static_cast<double>(model::activation_bytes_per_token(shape, products, recompute));
  };
  const auto& memory = config.training.memory;
  const auto limit = static_cast<double>(training::allowed_memory(memory));
  const bool recompute = memory.recompute == training::Recompute::on ||
                         (memory.recompute == training::Recompute::automatic && total(false) > limit);
  if (config.training.method == training::Method::full)
    return static_cast<std::int64_t>(5 * sizeof(float) * values + logits +
                                     batch_tokens * static_cast<double>(model::activation_bytes_per_token(
                                                        shape, model::ProductType::float32, false)));
  return static_cast<std::int64_t>(total(recompute));
}

std::int64_t passes_memory(const weights::WeightStore& weights, const model::DecoderOptions& options) {
  // Measured with SmolLM2: 105 MB at the start, growing to 230 over a thousand passages.
  constexpr double kBesideWeights = 160e6;
  const double value_bytes = options.type == model::DataType::bfloat16 ? 2 : 4;
  const bool compact = options.memory == model::WeightMemory::compact;
  return static_cast<std::int64_t>((compact ? stored_bytes(weights) : value_count(weights) * value_bytes) +
                                   kBesideWeights);
}

}  // namespace conceptune::experiment
