// config.json of Hugging Face.
#include <fmt/format.h>

#include <set>

#include "conceptune/base/ascii_case.h"
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

/// What names the code that computes the model: it must be the family's own.
void check_architectures(const JsonFields& fields, Family family) {
  const Json* names = fields.find("architectures");
  if (!names) return;
  for (const Json& name : names->is_array() ? *names : Json::array({*names}))
    if (!name.is_string() || !equal_ignoring_case(name.get<std::string>(), architecture_of(family)))
      fields.fail("architectures",
                  fmt::format("is {}, expected {}", to_json_text(*names), architecture_of(family)));
}

void refuse_variants(const JsonFields& fields, Family family) {
  if (fields.find("quantization_config"))
    fields.fail("quantization_config",
                "quantised safetensors are not supported, expected F32, F16 or BF16 weights");
  if (const Json* window = fields.find("sliding_window"); window && family == Family::llama)
    fields.fail("sliding_window", fmt::format("is {}, expected null", to_json_text(*window)));
  if (const Json* types = fields.find("layer_types"))
    for (const Json& type : *types)
      if (type != "full_attention")
        fields.fail("layer_types", fmt::format("has {}, expected \"full_attention\"", to_json_text(type)));
}

/// The object with the rotary embedding's settings: rope_scaling, or rope_parameters since transformers 5.
const Json* rope_object(const JsonFields& fields) {
  const auto find = [&](const char* key) {
    const Json* found = fields.find(key);
    return found && *found == Json::object() ? nullptr : found;
  };
  const Json *older = find("rope_scaling"), *newer = find("rope_parameters");
  if (older && newer && *older != *newer)
    fields.fail("rope_parameters", "says another thing than \"rope_scaling\", expected one of them");
  return newer ? newer : older;
}

/// The type of scaling; every setting beside it must be one of that type.
std::string rope_type(const JsonFields& scaling, const Json& object) {
  const std::string older = scaling.string("type", "default"), type = scaling.string("rope_type", older);
  if (scaling.find("type") && older != type)
    scaling.fail("rope_type", fmt::format("is '{}', and \"type\" is '{}', expected the same", type, older));
  if (type != "default" && type != "llama3")
    scaling.fail("rope_type", fmt::format("is '{}', expected 'default' or 'llama3'", type));
  const std::set<std::string_view> always = {"type", "rope_type", "rope_theta", "partial_rotary_factor"};
  const std::set<std::string_view> of_llama3 = {"factor", "low_freq_factor", "high_freq_factor",
                                                "original_max_position_embeddings"};
  for (const auto& [key, value] : object.items())
    if (!value.is_null() && !always.contains(key) && (type != "llama3" || !of_llama3.contains(key)))
      scaling.fail(key,
                   fmt::format("is {}, which the rotary type '{}' does not have", to_json_text(value), type));
  if (const double part = scaling.number("partial_rotary_factor", 1); part != 1)
    scaling.fail("partial_rotary_factor", fmt::format("is {}, expected 1", part));
  return type;
}

double rope_base(const JsonFields& fields, const JsonFields& scaling) {
  const double inner = scaling.number("rope_theta", 10000), outer = fields.number("rope_theta", inner);
  if (scaling.find("rope_theta") && inner != outer)
    fields.fail("rope_theta",
                fmt::format("is {}, and {} in the rotary settings, expected the same", outer, inner));
  return outer;
}

RopeScaling rope_scaling(const JsonFields& fields, const JsonFields& scaling) {
  const RopeScaling rope = {scaling.number("factor"), scaling.number("low_freq_factor"),
                            scaling.number("high_freq_factor"),
                            scaling.integer("original_max_position_embeddings")};
  if (!(rope.factor >= 1 && rope.low_frequency_factor > 0 &&
        rope.high_frequency_factor > rope.low_frequency_factor && rope.original_context > 0))
    scaling.fail("rope_scaling",
                 "expected factor >= 1, 0 < low_freq_factor < high_freq_factor, a positive original context");
  if (fields.integer("original_max_position_embeddings", rope.original_context) != rope.original_context)
    fields.fail("original_max_position_embeddings", "is another than in the rotary settings");
  return rope;
}

void read_rope(const JsonFields& fields, ModelConfig& config) {
  const Json* object = rope_object(fields);
  const Json none = Json::object();
  const JsonFields scaling(object ? *object : none, fields.where());
  config.rope_base = rope_base(fields, scaling);
  if (object && rope_type(scaling, *object) == "llama3") config.rope_scaling = rope_scaling(fields, scaling);
}

}  // namespace

ModelConfig config_from_json(const Json& json, std::string_view where) {
  const JsonFields fields(json, where);
  ModelConfig config;
  config.family = family_named(fields.string("model_type", ""), where);
  set_family_traits(config);
  check_json_settings(json, where);
  check_architectures(fields, config.family);
  refuse_variants(fields, config.family);
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
