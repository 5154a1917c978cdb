#include "conceptune/runtime/weights/config_files.h"

#include <fmt/format.h>

#include <cstdlib>

namespace conceptune::weights {
namespace {

/// The shortest number that is the same in float32, which GGUF keeps: 1e-05 rather than 9.99999974e-06.
double shortest(double value) {
  const auto rounded = static_cast<float>(value);
  return static_cast<double>(rounded) == value ? std::strtod(fmt::format("{}", rounded).c_str(), nullptr)
                                               : value;
}

}  // namespace

Json config_to_json(const ModelConfig& config) {
  Json json = {{"architectures", Json::array({architecture_of(config.family)})},
               {"model_type", name_of(config.family)},
               {"hidden_act", "silu"},
               {"num_hidden_layers", config.layers},
               {"hidden_size", config.width},
               {"num_attention_heads", config.heads},
               {"num_key_value_heads", config.kv_heads},
               {"head_dim", config.head_size},
               {"intermediate_size", config.mlp_width},
               {"vocab_size", config.vocabulary},
               {"max_position_embeddings", config.context_length},
               {"rms_norm_eps", shortest(config.norm_epsilon)},
               {"rope_theta", shortest(config.rope_base)},
               {"tie_word_embeddings", config.tied_head}};
  if (config.family != Family::qwen2) json["attention_bias"] = false;
  if (const auto& scaling = config.rope_scaling)
    json["rope_scaling"] = {{"rope_type", "llama3"},
                            {"factor", scaling->factor},
                            {"low_freq_factor", scaling->low_frequency_factor},
                            {"high_freq_factor", scaling->high_frequency_factor},
                            {"original_max_position_embeddings", scaling->original_context}};
  return json;
}

void set_config(const ModelConfig& config, GgufValues& values) {
  const std::string prefix = fmt::format("{}.", name_of(config.family));
  const auto set_count = [&](const char* key, std::int64_t count) {
    values.set(prefix + key, static_cast<std::uint32_t>(count));
  };
  values.set("general.architecture", name_of(config.family));
  values.set("general.type", "model");
  values.set("general.quantization_version", std::uint32_t{2});
  if (!config.name.empty()) values.set("general.name", config.name);
  set_count("block_count", config.layers);
  set_count("embedding_length", config.width);
  set_count("attention.head_count", config.heads);
  set_count("attention.head_count_kv", config.kv_heads);
  set_count("attention.key_length", config.head_size);
  set_count("attention.value_length", config.head_size);
  set_count("rope.dimension_count", config.head_size);
  set_count("feed_forward_length", config.mlp_width);
  set_count("vocab_size", config.vocabulary);
  set_count("context_length", config.context_length);
  values.set(prefix + "attention.layer_norm_rms_epsilon", static_cast<float>(config.norm_epsilon));
  values.set(prefix + "rope.freq_base", static_cast<float>(config.rope_base));
}

}  // namespace conceptune::weights
