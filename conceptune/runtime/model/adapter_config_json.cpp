// Reading adapter_config.json.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "conceptune/base/ascii_case.h"
#include "conceptune/base/error.h"
#include "conceptune/runtime/model/adapter_config.h"
#include "conceptune/runtime/model/projection.h"

namespace conceptune::model {
namespace {

constexpr std::int64_t kMaxRank = 4096;

/// What is done with a field: `read` below, of no effect, or it must say nothing.
enum class Rule { read, ignored, off };

struct Field {
  std::string_view name;
  Rule rule;
};

constexpr Field kFields[] = {
    {"peft_type", Rule::read},
    {"r", Rule::read},
    {"lora_alpha", Rule::read},
    {"lora_dropout", Rule::read},
    {"use_rslora", Rule::read},
    {"rank_pattern", Rule::read},
    {"alpha_pattern", Rule::read},
    {"init_lora_weights", Rule::read},
    {"bias", Rule::read},
    {"target_modules", Rule::read},
    {"exclude_modules", Rule::read},
    {"layers_to_transform", Rule::read},
    {"layers_pattern", Rule::read},
    {"base_model_name_or_path", Rule::ignored},
    {"revision", Rule::ignored},
    {"task_type", Rule::ignored},
    {"auto_mapping", Rule::ignored},
    {"inference_mode", Rule::ignored},
    {"peft_version", Rule::ignored},
    {"runtime_config", Rule::ignored},
    {"merge_weights", Rule::ignored},
    {"megatron_core", Rule::ignored},
    {"qalora_group_size", Rule::ignored},
    {"loftq_config", Rule::ignored},
    {"eva_config", Rule::ignored},
    {"corda_config", Rule::ignored},
    {"lora_ga_config", Rule::ignored},
    {"fan_in_fan_out", Rule::off},
    {"enable_lora", Rule::off},
    {"modules_to_save", Rule::off},
    {"use_dora", Rule::off},
    {"lora_bias", Rule::off},
    {"layer_replication", Rule::off},
    {"megatron_config", Rule::off},
    {"trainable_token_indices", Rule::off},
    {"target_parameters", Rule::off},
    {"alora_invocation_tokens", Rule::off},
    {"use_qalora", Rule::off},
    {"use_bdlora", Rule::off},
    {"arrow_config", Rule::off},
    {"velora_config", Rule::off},
    {"monteclora_config", Rule::off},
    {"kasa_config", Rule::off},
    {"ensure_weight_tying", Rule::off},
};

/// Starts of a training that leave the base as it is; the others put a part of it into the adapter.
constexpr std::string_view kHarmlessStarts[] = {"gaussian", "eva", "orthogonal", "mica"};
constexpr std::string_view kBaseChangingStarts[] = {"pissa", "olora", "corda", "loftq", "lora_ga"};

bool says_nothing(const Json& value) {
  return value.is_null() || value == false || value == "" || (value.is_structured() && value.empty());
}

std::string shown(const Json& value) {
  constexpr std::size_t kMost = 80;
  const std::string text = to_json_text(value);
  return text.size() <= kMost ? text : text.substr(0, kMost) + "…";
}

class Reader {
 public:
  Reader(const Json& config, std::string_view where) : config_(config), where_(where) {
    if (!config.is_object()) throw InputError("reading adapter", where, "is not a JSON object");
  }

  AdapterConfig read() const {
    check_fields();
    check_start();
    AdapterConfig read;
    read.rank = rank(required("r"), "r");
    read.alpha = alpha(required("lora_alpha"), "lora_alpha");
    read.dropout = dropout();
    read.rank_stabilised = flag("use_rslora");
    for (const auto& [name, value] : pattern("rank_pattern"))
      read.ranks.push_back({pattern_name("rank_pattern", name), static_cast<double>(rank(value, name))});
    for (const auto& [name, value] : pattern("alpha_pattern"))
      read.alphas.push_back({pattern_name("alpha_pattern", name), alpha(value, name)});
    read.choice = choice();
    return read;
  }

 private:
  [[noreturn]] void fail(std::string_view key, const Json& value, std::string_view problem) const {
    throw InputError("reading adapter", where_, fmt::format("\"{}\" is {}, {}", key, shown(value), problem));
  }

  /// The value of a key; null counts as absent.
  const Json* find(std::string_view key) const {
    const auto found = config_.find(key);
    return found == config_.end() || found->is_null() ? nullptr : &*found;
  }
  const Json& required(std::string_view key) const {
    const Json* found = find(key);
    if (!found) throw InputError("reading adapter", where_, fmt::format("has no \"{}\"", key));
    return *found;
  }

  void check_fields() const {
    if (const Json& type = required("peft_type"); type != "LORA")
      fail("peft_type", type, "expected \"LORA\"");
    for (const auto& [key, value] : config_.items()) {
      const auto* field = std::ranges::find(kFields, key, &Field::name);
      if (field == std::end(kFields))
        fail(key, value, "which is a setting not known here; it may be from a newer PEFT or another program");
      if (field->rule == Rule::off && !says_nothing(value))
        fail(key, value, "which is more than plain LoRA, the only method that is read");
    }
    if (const Json* bias = find("bias"); bias && *bias != "none") fail("bias", *bias, "expected \"none\"");
  }

  void check_start() const {
    const Json* start = find("init_lora_weights");
    if (!start || start->is_boolean()) return;
    const std::string name = start->is_string() ? ascii_lower(start->get<std::string>()) : "";
    if (std::ranges::find(kHarmlessStarts, name) != std::end(kHarmlessStarts)) return;
    for (const std::string_view changing : kBaseChangingStarts)
      if (name.starts_with(changing))
        fail("init_lora_weights", *start,
             "a start that changes the base: the adapter belongs to a base that is not there. PEFT makes "
             "plain "
             "LoRA of it (save_pretrained with path_initial_model_for_weight_conversion)");
    fail("init_lora_weights", *start, "which is a start of training not known here");
  }

  std::int64_t rank(const Json& value, std::string_view key) const {
    if (!value.is_number_integer() || value < 1 || value > kMaxRank)
      fail(key, value, fmt::format("expected a rank from 1 to {}", kMaxRank));
    return value.get<std::int64_t>();
  }
  double alpha(const Json& value, std::string_view key) const {
    if (!value.is_number() || !(value.get<double>() >= 0 && std::isfinite(value.get<double>())))
      fail(key, value, "expected a number of at least 0");
    return value.get<double>();
  }
  double dropout() const {
    const Json* value = find("lora_dropout");
    if (!value) return 0;
    if (!value->is_number() || !(*value >= 0 && *value < 1))
      fail("lora_dropout", *value, "expected a number from 0 to below 1");
    return value->get<double>();
  }
  bool flag(std::string_view key) const {
    const Json* value = find(key);
    if (value && !value->is_boolean()) fail(key, *value, "expected true or false");
    return value && value->get<bool>();
  }

  std::vector<std::pair<std::string, Json>> pattern(std::string_view key) const {
    const Json* object = find(key);
    if (!object) return {};
    if (!object->is_object()) fail(key, *object, "expected an object of numbers by module");
    std::vector<std::pair<std::string, Json>> entries;
    for (const auto& [name, value] : object->items()) entries.emplace_back(name, value);
    return entries;
  }

  /// A pattern's key, which must be a plain name: letters, digits, dots, underscores, '^' and '$' at its
  /// ends.
  std::string pattern_name(std::string_view key, std::string name) const {
    for (std::size_t at = name.find("\\."); at != std::string::npos; at = name.find("\\.", at + 1))
      name.erase(at, 1);
    std::string_view plain = name;
    if (plain.starts_with('^')) plain.remove_prefix(1);
    if (plain.ends_with('$')) plain.remove_suffix(1);
    const auto is_plain = [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '.'; };
    if (plain.empty() || !std::ranges::all_of(plain, is_plain))
      fail(key, Json(name), "a regular expression; expected names of modules");
    return name;
  }

  std::vector<std::string> names(std::string_view key, const Json& value) const {
    std::vector<std::string> names;
    if (!value.is_array()) fail(key, value, "expected a list of names");
    for (const Json& name : value) {
      if (!name.is_string()) fail(key, value, "expected a list of names");
      names.push_back(name.get<std::string>());
    }
    return names;
  }

  ModuleChoice choice() const {
    ModuleChoice choice;
    const Json *targets = find("target_modules"), *excluded = find("exclude_modules");
    if (targets && *targets == "all-linear")
      for (const Projection projection : kProjections)
        choice.targets.emplace_back(projection_name(projection));
    else if (targets && !targets->is_string())
      choice.targets = names("target_modules", *targets);
    else
      choice.is_pattern = true;  // or the defaults of the architecture, which PEFT writes down when it saves
    if (excluded && excluded->is_string())
      choice.is_pattern |= !says_nothing(*excluded);
    else if (excluded)
      choice.excluded = names("exclude_modules", *excluded);
    read_layers(choice);
    return choice;
  }

  void read_layers(ModuleChoice& choice) const {
    const Json *layers = find("layers_to_transform"), *pattern = find("layers_pattern");
    if (!layers || says_nothing(*layers)) return;
    const Json list = layers->is_array() ? *layers : Json::array({*layers});
    choice.layers.emplace();
    for (const Json& layer : list) {
      if (!layer.is_number_integer() || layer < 0 || layer > INT32_MAX)
        fail("layers_to_transform", *layers, "expected numbers of layers");
      choice.layers->push_back(layer.get<std::int64_t>());
    }
    const bool usual =
        !pattern || says_nothing(*pattern) || *pattern == "layers" || *pattern == Json::array({"layers"});
    choice.is_pattern |= !usual;
  }

  const Json& config_;
  std::string_view where_;
};

}  // namespace

AdapterConfig adapter_config_from_json(const Json& config, std::string_view where) {
  return Reader(config, where).read();
}

}  // namespace conceptune::model
