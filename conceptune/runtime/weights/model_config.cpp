#include "conceptune/runtime/weights/model_config.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstring>
#include <numbers>

#include "conceptune/base/error.h"

namespace conceptune::weights {
namespace {

constexpr std::string_view kDoing = "reading model configuration";

// In the order of Family.
constexpr std::array<std::string_view, 3> kFamilies = {"llama", "qwen2", "qwen3"};

/// The family of that name; InputError tells which there are.
Family family_named(std::string_view name, std::string_view where) {
  for (std::size_t i = 0; i < kFamilies.size(); ++i)
    if (kFamilies[i] == name) return static_cast<Family>(i);
  throw InputError(
      kDoing, where,
      fmt::format("unknown architecture '{}', expected one of: {}", name, fmt::join(kFamilies, ", ")));
}

/// What follows from the family alone.
void set_family_traits(ModelConfig& config) {
  config.qkv_bias = config.family == Family::qwen2;
  config.qk_norm = config.family == Family::qwen3;
}

struct Limit {
  const char* name;
  std::int64_t ModelConfig::*member;
  std::int64_t low, high;
};

// Far above any model of these families, far below what would overflow a product of three.
constexpr Limit kLimits[] = {
    {"layers", &ModelConfig::layers, 1, 1 << 10},
    {"width", &ModelConfig::width, 1, 1 << 17},
    {"attention heads", &ModelConfig::heads, 1, 1 << 10},
    {"key/value heads", &ModelConfig::kv_heads, 1, 1 << 10},
    {"head size", &ModelConfig::head_size, 2, 1 << 10},
    {"MLP width", &ModelConfig::mlp_width, 1, 1 << 20},
    {"vocabulary", &ModelConfig::vocabulary, 1, 1 << 22},
    {"context length", &ModelConfig::context_length, 1, 1 << 26},
};

void check(const ModelConfig& config, std::string_view where) {
  for (const Limit& limit : kLimits) {
    const std::int64_t value = config.*limit.member;
    if (value < limit.low || value > limit.high)
      throw InputError(kDoing, where,
                       fmt::format("{} is {}, expected {} to {}", limit.name, value, limit.low, limit.high));
  }
  if (config.heads % config.kv_heads != 0)
    throw InputError(kDoing, where,
                     fmt::format("{} attention heads are not a multiple of {} key/value heads", config.heads,
                                 config.kv_heads));
  if (config.head_size % 2 != 0)
    throw InputError(kDoing, where,
                     fmt::format("head size is {}, expected an even number", config.head_size));
  if (!(config.rope_base > 0 && std::isfinite(config.rope_base)))
    throw InputError(kDoing, where,
                     fmt::format("rotary base is {}, expected a positive number", config.rope_base));
  if (!(config.norm_epsilon >= 0 && config.norm_epsilon < 1))
    throw InputError(kDoing, where, fmt::format("norm epsilon is {}, expected 0 to 1", config.norm_epsilon));
}

/// Head size where a file gives none.
std::int64_t default_head_size(const ModelConfig& config, std::string_view where) {
  if (config.heads < 1 || config.width % config.heads != 0)
    throw InputError(
        kDoing, where,
        fmt::format("width {} is no multiple of {} attention heads", config.width, config.heads));
  return config.width / config.heads;
}

/// Typed access to one JSON object; null counts as absent, as in transformers.
class JsonFields {
 public:
  JsonFields(const Json& object, std::string_view where) : object_(object), where_(where) {
    if (!object.is_object()) throw InputError(kDoing, where, "expected a JSON object");
  }

  const Json* find(const char* key) const {
    const auto found = object_.find(key);
    return found == object_.end() || found->is_null() ? nullptr : &*found;
  }
  std::int64_t integer(const char* key) const { return required(key, find_integer(key)); }
  std::int64_t integer(const char* key, std::int64_t absent) const {
    return find_integer(key).value_or(absent);
  }
  double number(const char* key) const { return required(key, find_number(key)); }
  double number(const char* key, double absent) const { return find_number(key).value_or(absent); }
  bool boolean(const char* key, bool absent) const {
    const Json* value = find(key);
    if (!value) return absent;
    if (!value->is_boolean()) fail(key, "expected true or false");
    return value->get<bool>();
  }
  std::string string(const char* key, std::string absent) const {
    const Json* value = find(key);
    if (!value) return absent;
    if (!value->is_string()) fail(key, "expected a string");
    return value->get<std::string>();
  }
  std::string_view where() const { return where_; }
  [[noreturn]] void fail(std::string_view key, std::string_view problem) const {
    throw InputError(kDoing, where_, fmt::format("\"{}\": {}", key, problem));
  }

 private:
  template <class T>
  T required(const char* key, std::optional<T> value) const {
    if (!value) fail(key, "is missing");
    return *value;
  }
  std::optional<std::int64_t> find_integer(const char* key) const {
    const Json* value = find(key);
    if (!value) return std::nullopt;
    if (!value->is_number_integer() ||
        (value->is_number_unsigned() && value->get<std::uint64_t>() > std::uint64_t{INT64_MAX}))
      fail(key, "expected an integer");
    return value->get<std::int64_t>();
  }
  std::optional<double> find_number(const char* key) const {
    const Json* value = find(key);
    if (!value) return std::nullopt;
    if (!value->is_number()) fail(key, "expected a number");
    return value->get<double>();
  }

  const Json& object_;
  std::string_view where_;
};

/// Options of the families that change the arithmetic in ways this project does not compute.
void refuse_variants(const JsonFields& fields) {
  for (const char* key : {"attention_bias", "mlp_bias", "use_sliding_window"})
    if (fields.boolean(key, false)) fields.fail(key, "is true, which is not supported");
  if (const std::string activation = fields.string("hidden_act", "silu"); activation != "silu")
    fields.fail("hidden_act", fmt::format("is '{}', expected 'silu'", activation));
  if (fields.find("quantization_config"))
    fields.fail("quantization_config",
                "quantised safetensors are not supported, expected F32, F16 or BF16 weights");
}

/// Reads rope_theta and rope_scaling, or rope_parameters, which holds both since transformers 5.
void read_rope(const JsonFields& fields, ModelConfig& config) {
  config.rope_base = fields.number("rope_theta", 10000);
  const Json* object = fields.find("rope_parameters");
  if (!object) object = fields.find("rope_scaling");
  if (!object) return;
  const JsonFields scaling(*object, fields.where());
  config.rope_base = scaling.number("rope_theta", config.rope_base);
  const std::string type = scaling.string("rope_type", scaling.string("type", "default"));
  if (type == "default") return;
  if (type != "llama3")
    scaling.fail("rope_type", fmt::format("is '{}', expected 'default' or 'llama3'", type));
  config.rope_scaling = {scaling.number("factor"), scaling.number("low_freq_factor"),
                         scaling.number("high_freq_factor"),
                         scaling.integer("original_max_position_embeddings")};
  const RopeScaling& rope = *config.rope_scaling;
  if (!(rope.factor >= 1 && rope.low_frequency_factor > 0 &&
        rope.high_frequency_factor > rope.low_frequency_factor && rope.original_context > 0))
    scaling.fail("rope_scaling",
                 "expected factor >= 1, 0 < low_freq_factor < high_freq_factor, a positive original context");
}

/// The divisors that llama.cpp's conversion stores for Llama 3.x's rotary scaling.
std::vector<float> read_rope_divisors(const GgufFile& file, std::int64_t head_size) {
  for (const GgufTensor& tensor : file.tensors()) {
    if (tensor.name != "rope_freqs.weight") continue;
    if (std::string_view(tensor.type->name) != "F32" ||
        tensor.shape != std::vector<std::int64_t>{head_size / 2})
      throw InputError(
          kDoing, file.name(),
          fmt::format("tensor 'rope_freqs.weight': expected {} values of type F32", head_size / 2));
    std::vector<float> divisors(static_cast<std::size_t>(head_size / 2));
    std::memcpy(divisors.data(), tensor.bytes.data(), tensor.bytes.size());
    for (const float divisor : divisors)
      if (!(divisor > 0 && std::isfinite(divisor)))
        throw InputError(
            kDoing, file.name(),
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
  if (!value) throw InputError(kDoing, file.name(), fmt::format("metadata has no '{}'", key));
  return *value;
}

void read_rope(const GgufFile& file, const std::string& prefix, ModelConfig& config) {
  config.rope_base = file.number(prefix + "rope.freq_base").value_or(10000);
  const std::string_view scaling = file.string(prefix + "rope.scaling.type").value_or("none");
  if (scaling != "none")
    throw InputError(kDoing, file.name(),
                     fmt::format("'{}rope.scaling.type' is '{}', expected none", prefix, scaling));
  const std::int64_t rotated = file.integer(prefix + "rope.dimension_count").value_or(config.head_size);
  if (rotated != config.head_size)
    throw InputError(kDoing, file.name(),
                     fmt::format("'{}rope.dimension_count' is {}, expected the head size {}", prefix, rotated,
                                 config.head_size));
  config.rope_divisors = read_rope_divisors(file, config.head_size);
}

/// "llama3" of modeling_rope_utils.py: long waves are slowed by `factor`, short ones kept, those between
/// mixed.
double scaled(double frequency, const RopeScaling& rope) {
  const double turns = static_cast<double>(rope.original_context) * frequency / (2 * std::numbers::pi);
  if (turns < rope.low_frequency_factor) return frequency / rope.factor;
  if (turns > rope.high_frequency_factor) return frequency;
  const double kept =
      (turns - rope.low_frequency_factor) / (rope.high_frequency_factor - rope.low_frequency_factor);
  return (1 - kept) * frequency / rope.factor + kept * frequency;
}

}  // namespace

std::string_view name_of(Family family) { return kFamilies[static_cast<std::size_t>(family)]; }

ModelConfig config_from_json(const Json& json, std::string_view where) {
  const JsonFields fields(json, where);
  ModelConfig config;
  config.family = family_named(fields.string("model_type", ""), where);
  set_family_traits(config);
  refuse_variants(fields);
  config.name = fields.string("_name_or_path", "");
  config.layers = fields.integer("num_hidden_layers");
  config.width = fields.integer("hidden_size");
  config.heads = fields.integer("num_attention_heads");
  config.kv_heads = fields.integer("num_key_value_heads", config.heads);
  config.head_size = config.family == Family::qwen3 || fields.find("head_dim")
                         ? fields.integer("head_dim", 128)  // Qwen3Config's default
                         : default_head_size(config, where);
  config.mlp_width = fields.integer("intermediate_size");
  config.vocabulary = fields.integer("vocab_size");
  config.context_length = fields.integer("max_position_embeddings");
  config.norm_epsilon = fields.number("rms_norm_eps", 1e-6);
  config.tied_head = fields.boolean("tie_word_embeddings", false);
  read_rope(fields, config);
  check(config, where);
  return config;
}

ModelConfig config_from_gguf(const GgufFile& file) {
  ModelConfig config;
  config.family = family_named(file.string("general.architecture").value_or(""), file.name());
  set_family_traits(config);
  const std::string prefix = fmt::format("{}.", name_of(config.family));
  config.name = file.string("general.name").value_or("");
  config.layers = required(file, prefix + "block_count");
  config.width = required(file, prefix + "embedding_length");
  config.heads = required(file, prefix + "attention.head_count");
  config.kv_heads = file.integer(prefix + "attention.head_count_kv").value_or(config.heads);
  const auto head_size = file.integer(prefix + "attention.key_length");
  config.head_size = head_size ? *head_size : default_head_size(config, file.name());
  config.mlp_width = required(file, prefix + "feed_forward_length");
  config.vocabulary = file.integer(prefix + "vocab_size").value_or(embedding_rows(file));
  config.context_length = required(file, prefix + "context_length");
  const auto epsilon = file.number(prefix + "attention.layer_norm_rms_epsilon");
  if (!epsilon)
    throw InputError(kDoing, file.name(),
                     fmt::format("metadata has no '{}attention.layer_norm_rms_epsilon'", prefix));
  config.norm_epsilon = *epsilon;
  config.tied_head = !has_tensor(file, "output.weight");
  read_rope(file, prefix, config);
  check(config, file.name());
  return config;
}

std::vector<double> rope_frequencies(const ModelConfig& config) {
  std::vector<double> frequencies(static_cast<std::size_t>(config.head_size / 2));
  for (std::size_t i = 0; i < frequencies.size(); ++i) {
    frequencies[i] =
        std::pow(config.rope_base, -2.0 * static_cast<double>(i) / static_cast<double>(config.head_size));
    if (config.rope_scaling) frequencies[i] = scaled(frequencies[i], *config.rope_scaling);
    if (!config.rope_divisors.empty()) frequencies[i] /= config.rope_divisors[i];
  }
  return frequencies;
}

}  // namespace conceptune::weights
