// A small decoder with random weights in memory.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "conceptune/base/random.h"
#include "conceptune/runtime/model/decoder.h"
#include "conceptune/runtime/weights/family_table.h"
#include "tests/support/matrices.h"

namespace conceptune::test {

/// Grouped queries, a head size of its own, an untied head: nothing is equal by chance.
inline weights::ModelConfig small_config() {
  weights::ModelConfig config;
  config.name = "small";
  config.layers = 2;
  config.width = 24;
  config.heads = 4;
  config.kv_heads = 2;
  config.head_size = 8;
  config.mlp_width = 40;
  config.vocabulary = 50;
  config.context_length = 128;
  return config;
}

/// Normal values, the same for the same name; norms are around 1. A vector is a single row.
inline model::WeightLoader random_weights(const weights::ModelConfig& config) {
  std::map<std::string, std::vector<std::int64_t>> shapes;
  for (const auto& tensor : weights::expected_tensors(config)) shapes[tensor.name] = tensor.shape;
  return [shapes](std::string_view name) {
    const auto& shape = shapes.at(std::string(name));
    model::Matrix matrix(shape.size() == 2 ? shape[0] : 1, shape.back());
    Random random(1, name);
    const double centre = name.ends_with("norm.weight") ? 1 : 0;
    std::generate_n(matrix.values(), matrix.size(),
                    [&] { return static_cast<float>(centre + 0.2 * random.normal()); });
    return matrix;
  };
}

inline model::Decoder small_decoder(const model::DecoderOptions& options = {}) {
  const weights::ModelConfig config = small_config();
  return model::Decoder(config, random_weights(config), options);
}

/// Random token ids of one batch.
inline model::PackedBatch random_batch(std::initializer_list<int> lengths, std::int64_t vocabulary,
                                       std::uint64_t seed = 7) {
  model::PackedBatch batch;
  Random random(seed);
  for (const int length : lengths) {
    std::vector<std::int32_t> tokens(length);
    for (auto& token : tokens) token = static_cast<std::int32_t>(random.below(vocabulary));
    batch.append(tokens);
  }
  return batch;
}

/// Adapter whose B is random instead of 0, so that it changes the model.
inline std::shared_ptr<model::LoraAdapter> random_adapter(const weights::ModelConfig& config,
                                                          const model::LoraOptions& options,
                                                          std::uint64_t seed = 3) {
  auto adapter = std::make_shared<model::LoraAdapter>(config, options, seed);
  Random random(seed, "B");
  for (const auto& [name, matrix] : adapter->parameters())
    std::generate_n(matrix.values(), matrix.size(),
                    [&] { return static_cast<float>(0.3 * random.normal()); });
  return adapter;
}

}  // namespace conceptune::test
