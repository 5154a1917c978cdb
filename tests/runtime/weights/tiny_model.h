// A model of a few hundred numbers with every tensor of its family, as GGUF bytes.
#pragma once

#include "conceptune/runtime/weights/family_table.h"
#include "conceptune/runtime/weights/model_config.h"
#include "tests/support/gguf_builder.h"

namespace conceptune::weights {

inline ModelConfig tiny_config(Family family) {
  ModelConfig config;
  config.family = family;
  config.name = "tiny";
  config.layers = 2;
  config.width = 12;
  config.heads = 4;
  config.kv_heads = 2;
  config.head_size = 6;
  config.mlp_width = 10;
  config.vocabulary = 9;
  config.context_length = 64;
  config.rope_base = 10000;
  config.norm_epsilon = 1e-5;
  config.tied_head = false;
  config.qkv_bias = family == Family::qwen2;
  config.qk_norm = family == Family::qwen3;
  return config;
}

inline test::GgufBuilder tiny_metadata(const ModelConfig& config) {
  const std::string arch(name_of(config.family));
  const auto size = [](std::int64_t value) { return static_cast<std::uint32_t>(value); };
  test::GgufBuilder gguf;
  gguf.string("general.architecture", arch).string("general.name", config.name);
  gguf.integer(arch + ".block_count", size(config.layers));
  gguf.integer(arch + ".embedding_length", size(config.width));
  gguf.integer(arch + ".attention.head_count", size(config.heads));
  gguf.integer(arch + ".attention.head_count_kv", size(config.kv_heads));
  gguf.integer(arch + ".attention.key_length", size(config.head_size));
  gguf.integer(arch + ".feed_forward_length", size(config.mlp_width));
  gguf.integer(arch + ".context_length", size(config.context_length));
  gguf.number(arch + ".attention.layer_norm_rms_epsilon", static_cast<float>(config.norm_epsilon));
  gguf.number(arch + ".rope.freq_base", static_cast<float>(config.rope_base));
  return gguf;
}

/// Every expected tensor but `left_out`, values counting up from 0 within each.
inline void add_tiny_tensors(test::GgufBuilder& gguf, const ModelConfig& config,
                             std::string_view left_out = {}) {
  for (const ExpectedTensor& tensor : expected_tensors(config)) {
    if (tensor.name == left_out) continue;
    std::size_t count = 1;
    for (const auto size : tensor.shape) count *= static_cast<std::size_t>(size);
    std::vector<float> values(count);
    for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<float>(i);
    gguf.floats(tensor.gguf_name, tensor.shape, values);
  }
}

inline std::string tiny_gguf(const ModelConfig& config, std::string_view left_out = {}) {
  test::GgufBuilder gguf = tiny_metadata(config);
  add_tiny_tensors(gguf, config, left_out);
  return gguf.content();
}

}  // namespace conceptune::weights
