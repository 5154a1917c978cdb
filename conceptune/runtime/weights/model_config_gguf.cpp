// Metadata of GGUF (llama.cpp, gguf-py/gguf/constants.py).
#include <fmt/format.h>

#include <cmath>
#include <cstring>

#include "conceptune/base/error.h"
#include "conceptune/runtime/weights/model_config.h"
#include "conceptune/runtime/weights/model_config_parts.h"

namespace conceptune::weights {
namespace {

/// The divisors that llama.cpp's conversion stores for Llama 3.x's rotary scaling; it reads them for llama
/// alone.
std::vector<float> read_rope_divisors(const GgufFile& file, const ModelConfig& config) {
  const std::int64_t head_size = config.head_size;
  for (const GgufTensor& tensor : file.tensors()) {
    if (tensor.name != "rope_freqs.weight") continue;
    if (config.family != Family::llama)
      throw InputError(
          kReadingConfig, file.name(),
          fmt::format("tensor 'rope_freqs.weight' is none of a {} model", name_of(config.family)));
    if (std::string_view(tensor.type->name) != "F32" ||
        tensor.shape != std::vector<std::int64_t>{head_size / 2})
      throw InputError(
          kReadingConfig, file.name(),
          fmt::format("tensor 'rope_freqs.weight': expected {} values of type F32", head_size / 2));
    std::vector<float> divisors(static_cast<std::size_t>(head_size / 2));
    std::memcpy(divisors.data(), tensor.bytes.data(), tensor.bytes.size());
    for (const float divisor : divisors)
      if (!(divisor > 0 && std::isfinite(divisor)))
        throw InputError(
            kReadingConfig, file.name(),
            fmt::format("tensor 'rope_freqs.weight' holds {}, expected positive numbers", divisor));
    return divisors;
  }
  return {};
}

bool has_tensor(const GgufFile& file, std::string_view name) {
  for (const GgufTensor& tensor : file.tensors())
    if (tensor.name == name) return true;
  return false;
}

/// Rows of the embedding, for files without a vocabulary size of their own; 0 when there is none.
std::int64_t embedding_rows(const GgufFile& file) {
  for (const GgufTensor& tensor : file.tensors())
    if (tensor.name == "token_embd.weight" && tensor.shape.size() == 2) return tensor.shape[1];
  return 0;
}

std::int64_t required(const GgufFile& file, const std::string& key) {
  const auto value = file.integer(key);
  if (!value) throw InputError(kReadingConfig, file.name(), fmt::format("metadata has no '{}'", key));
  return *value;
}

void read_rope(const GgufFile& file, const std::string& prefix, ModelConfig& config) {
  config.rope_base = file.number(prefix + "rope.freq_base").value_or(10000);
  const std::string_view scaling = file.string(prefix + "rope.scaling.type").value_or("none");
  if (scaling != "none")
    throw InputError(kReadingConfig, file.name(),
                     fmt::format("'{}rope.scaling.type' is '{}', expected none", prefix, scaling));
  // Without a type, llama.cpp takes a factor for linear scaling.
  for (const char* key : {"rope.scaling.factor", "rope.scale_linear"})
    if (const double factor = file.number(prefix + key).value_or(1); factor != 0 && factor != 1)
      throw InputError(kReadingConfig, file.name(),
                       fmt::format("'{}{}' is {}, expected 1", prefix, key, factor));
  const std::int64_t rotated = file.integer(prefix + "rope.dimension_count").value_or(config.head_size);
  if (rotated != config.head_size)
    throw InputError(kReadingConfig, file.name(),
                     fmt::format("'{}rope.dimension_count' is {}, expected the head size {}", prefix, rotated,
                                 config.head_size));
  config.rope_divisors = read_rope_divisors(file, config);
}

}  // namespace

ModelConfig config_from_gguf(const GgufFile& file) {
  ModelConfig config;
  config.family = family_named(file.string("general.architecture").value_or(""), file.name());
  set_family_traits(config);
  const std::string prefix = fmt::format("{}.", name_of(config.family));
  check_gguf_settings(file, prefix);
  config.name = file.string("general.name").value_or("");
  config.layers = required(file, prefix + "block_count");
  config.width = required(file, prefix + "embedding_length");
  config.heads = required(file, prefix + "attention.head_count");
  config.kv_heads = file.integer(prefix + "attention.head_count_kv").value_or(config.heads);
  const auto head_size = file.integer(prefix + "attention.key_length");
  config.head_size = head_size ? *head_size : default_head_size(config, file.name());
  if (const auto size = file.integer(prefix + "attention.value_length"); size && *size != config.head_size)
    throw InputError(kReadingConfig, file.name(),
                     fmt::format("'{}attention.value_length' is {}, expected the length of keys, {}", prefix,
                                 *size, config.head_size));
  if (!file.boolean(prefix + "attention.causal").value_or(true))
    throw InputError(kReadingConfig, file.name(),
                     fmt::format("'{}attention.causal' is false, expected true", prefix));
  config.mlp_width = required(file, prefix + "feed_forward_length");
  config.vocabulary = file.integer(prefix + "vocab_size").value_or(embedding_rows(file));
  config.context_length = required(file, prefix + "context_length");
  const auto epsilon = file.number(prefix + "attention.layer_norm_rms_epsilon");
  if (!epsilon)
    throw InputError(kReadingConfig, file.name(),
                     fmt::format("metadata has no '{}attention.layer_norm_rms_epsilon'", prefix));
  config.norm_epsilon = *epsilon;
  config.tied_head = !has_tensor(file, "output.weight");
  read_rope(file, prefix, config);
  check_config(config, file.name());
  return config;
}

}  // namespace conceptune::weights
