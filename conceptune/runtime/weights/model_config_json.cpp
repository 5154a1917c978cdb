// config.json of Hugging Face.
#include <fmt/format.h>

#include "conceptune/base/error.h"
#include "conceptune/runtime/weights/model_config.h"
#include "conceptune/runtime/weights/model_config_parts.h"

namespace conceptune::weights {
namespace {

/// Typed access to one JSON object; null counts as absent, as in transformers.
class JsonFields {
 public:
  JsonFields(const Json& object, std::string_view where) : object_(object), where_(where) {
    if (!object.is_object()) throw InputError(kReadingConfig, where, "expected a JSON object");
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
    throw InputError(kReadingConfig, where_, fmt::format("\"{}\": {}", key, problem));
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

}  // namespace

ModelConfig config_from_json(const Json& json, std::string_view where) {
  const JsonFields fields(json, where);
  ModelConfig config;
  config.family = family_named(fields.string("model_type", ""), where);
  set_family_traits(config);
  refuse_variants(fields);
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
  check_config(config, where);
  return config;
}

}  // namespace conceptune::weights
