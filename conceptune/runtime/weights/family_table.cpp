#include "conceptune/runtime/weights/family_table.h"

#include <fmt/format.h>

#include <array>

namespace conceptune::weights {
namespace {

/// A dimension of a tensor as a quantity of the configuration.
enum class Size { none, width, queries, keys, mlp, vocabulary, head };

/// Which models have the tensor.
enum class When { always, untied_head, qkv_bias, qk_norm };

struct Row {
  std::string_view name;
  std::string_view gguf_name;
  Size rows;
  Size columns = Size::none;
  When when = When::always;
  bool interleaved_in_llama = false;
};

constexpr Row kBeforeLayers[] = {
    {"model.embed_tokens.weight", "token_embd.weight", Size::vocabulary, Size::width},
};

// Within "model.layers.N." and "blk.N.".
constexpr Row kLayer[] = {
    {"input_layernorm.weight", "attn_norm.weight", Size::width},
    {"self_attn.q_proj.weight", "attn_q.weight", Size::queries, Size::width, When::always, true},
    {"self_attn.q_proj.bias", "attn_q.bias", Size::queries, Size::none, When::qkv_bias},
    {"self_attn.q_norm.weight", "attn_q_norm.weight", Size::head, Size::none, When::qk_norm},
    {"self_attn.k_proj.weight", "attn_k.weight", Size::keys, Size::width, When::always, true},
    {"self_attn.k_proj.bias", "attn_k.bias", Size::keys, Size::none, When::qkv_bias},
    {"self_attn.k_norm.weight", "attn_k_norm.weight", Size::head, Size::none, When::qk_norm},
    {"self_attn.v_proj.weight", "attn_v.weight", Size::keys, Size::width},
    {"self_attn.v_proj.bias", "attn_v.bias", Size::keys, Size::none, When::qkv_bias},
    {"self_attn.o_proj.weight", "attn_output.weight", Size::width, Size::queries},
    {"post_attention_layernorm.weight", "ffn_norm.weight", Size::width},
    {"mlp.gate_proj.weight", "ffn_gate.weight", Size::mlp, Size::width},
    {"mlp.up_proj.weight", "ffn_up.weight", Size::mlp, Size::width},
    {"mlp.down_proj.weight", "ffn_down.weight", Size::width, Size::mlp},
};

constexpr Row kAfterLayers[] = {
    {"model.norm.weight", "output_norm.weight", Size::width},
    {"lm_head.weight", "output.weight", Size::vocabulary, Size::width, When::untied_head},
};

std::int64_t value_of(Size size, const ModelConfig& config) {
  switch (size) {
    case Size::width:
      return config.width;
    case Size::queries:
      return config.heads * config.head_size;
    case Size::keys:
      return config.kv_heads * config.head_size;
    case Size::mlp:
      return config.mlp_width;
    case Size::vocabulary:
      return config.vocabulary;
    case Size::head:
      return config.head_size;
    case Size::none:
      break;
  }
  return 0;
}

bool applies(When when, const ModelConfig& config) {
  switch (when) {
    case When::untied_head:
      return !config.tied_head;
    case When::qkv_bias:
      return config.qkv_bias;
    case When::qk_norm:
      return config.qk_norm;
    case When::always:
      break;
  }
  return true;
}

template <std::size_t kRows>
void append(std::vector<ExpectedTensor>& tensors, const Row (&rows)[kRows], const ModelConfig& config,
            std::string_view prefix, std::string_view gguf_prefix) {
  for (const Row& row : rows) {
    if (!applies(row.when, config)) continue;
    std::vector<std::int64_t> shape{value_of(row.rows, config)};
    if (row.columns != Size::none) shape.push_back(value_of(row.columns, config));
    tensors.push_back({fmt::format("{}{}", prefix, row.name), fmt::format("{}{}", gguf_prefix, row.gguf_name),
                       std::move(shape), row.interleaved_in_llama && config.family == Family::llama});
  }
}

}  // namespace

std::vector<ExpectedTensor> expected_tensors(const ModelConfig& config) {
  std::vector<ExpectedTensor> tensors;
  append(tensors, kBeforeLayers, config, "", "");
  for (std::int64_t i = 0; i < config.layers; ++i)
    append(tensors, kLayer, config, fmt::format("model.layers.{}.", i), fmt::format("blk.{}.", i));
  append(tensors, kAfterLayers, config, "", "");
  return tensors;
}

bool is_ignorable(std::string_view name) {
  return name == "rope_freqs.weight" || name.ends_with(".rotary_emb.inv_freq");
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

}  // namespace conceptune::weights
