// Adapters on disk, in PEFT's format (peft 0.x: adapter_config.json beside adapter_model.safetensors).
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "conceptune/base/atomic_folder.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/json.h"
#include "conceptune/runtime/model/lora.h"
#include "conceptune/runtime/weights/safetensors.h"
#include "conceptune/runtime/weights/safetensors_writer.h"

namespace conceptune::model {
namespace {

constexpr std::string_view kDoing = "reading adapter";
constexpr const char* kConfigFile = "adapter_config.json";
constexpr const char* kWeightsFile = "adapter_model.safetensors";

Json config_to_json(const LoraOptions& options, const std::string& base_model_name) {
  Json targets = Json::array();
  for (const Projection projection : resolve_targets(options.targets))
    targets.push_back(projection_name(projection));
  return {{"base_model_name_or_path", base_model_name},
          {"bias", "none"},
          {"fan_in_fan_out", false},
          {"inference_mode", true},
          {"init_lora_weights", true},
          {"lora_alpha", options.alpha},
          {"lora_dropout", options.dropout},
          {"modules_to_save", nullptr},
          {"peft_type", "LORA"},
          {"r", options.rank},
          {"target_modules", targets},
          {"task_type", "CAUSAL_LM"},
          {"use_dora", false},
          {"use_rslora", options.rank_stabilised}};
}

/// One value of the config, or `fallback` where it is absent or null.
template <class T>
T value_or(const Json& config, const char* key, const T& fallback, const std::string& where) {
  const auto found = config.find(key);
  if (found == config.end() || found->is_null()) return fallback;
  try {
    return found->get<T>();
  } catch (const Json::exception&) {
    throw InputError(kDoing, where, fmt::format("'{}' has the wrong type", key));
  }
}

/// PEFT allows one string (a pattern, or "all-linear") instead of a list of names.
std::vector<std::string> targets_from_json(const Json& config, const std::string& where) {
  const auto found = config.find("target_modules");
  if (found != config.end() && *found == "all-linear") return {"all"};
  return value_or<std::vector<std::string>>(config, "target_modules", {}, where);
}

/// What PEFT can train beyond plain LoRA and is not computed here.
void refuse_other_methods(const Json& config, const std::string& where) {
  const auto refuse_unless = [&](bool plain, std::string_view what) {
    if (!plain) throw InputError(kDoing, where, fmt::format("{}, expected a plain LoRA adapter", what));
  };
  refuse_unless(value_or<std::string>(config, "peft_type", "", where) == "LORA", "peft_type is not LORA");
  refuse_unless(value_or<std::string>(config, "bias", "none", where) == "none", "it trains biases");
  for (const char* flag : {"use_dora", "fan_in_fan_out"})
    refuse_unless(!value_or<bool>(config, flag, false, where), fmt::format("it has {}", flag));
  for (const char* list : {"modules_to_save", "rank_pattern", "alpha_pattern", "layers_to_transform"}) {
    const auto found = config.find(list);
    refuse_unless(found == config.end() || found->is_null() || found->empty(),
                  fmt::format("it has {}", list));
  }
}

LoraOptions options_from_json(const Json& config, const std::string& where) {
  if (!config.is_object()) throw InputError(kDoing, where, "is not a JSON object");
  refuse_other_methods(config, where);
  LoraOptions options;
  options.rank = value_or<int>(config, "r", 0, where);
  options.alpha = value_or<double>(config, "lora_alpha", 8, where);
  options.dropout = value_or<double>(config, "lora_dropout", 0, where);
  options.rank_stabilised = value_or<bool>(config, "use_rslora", false, where);
  options.targets = targets_from_json(config, where);
  return options;
}

void copy_checked(const weights::SafetensorsFile& file, const NamedTensor& parameter,
                  const std::string& where) {
  if (!file.contains(parameter.name))
    throw InputError(
        kDoing, where,
        fmt::format("has no tensor '{}': it belongs to a model with more layers or other targets",
                    parameter.name));
  const at::Tensor stored = file.load(parameter.name, at::kFloat);
  if (stored.sizes() != parameter.tensor.sizes())
    throw InputError(
        kDoing, where,
        fmt::format("tensor '{}' has shape [{}], expected [{}]: it belongs to another model", parameter.name,
                    fmt::join(stored.sizes(), ", "), fmt::join(parameter.tensor.sizes(), ", ")));
  at::NoGradGuard no_grad;
  at::Tensor(parameter.tensor).copy_(stored);
}

}  // namespace

void save_adapter(const std::filesystem::path& folder, const LoraAdapter& adapter,
                  const std::string& base_model_name, const std::string& model_card) {
  AtomicFolder files({folder, Existing::replace}, ProductKind::adapter);
  write_file_atomically(files.path() / kConfigFile,
                        to_json_text(config_to_json(adapter.options(), base_model_name), 2) + "\n");
  weights::write_safetensors(files.path() / kWeightsFile, adapter.parameters(), {{"format", "pt"}});
  write_file_atomically(files.path() / "README.md", model_card);
  files.commit();
}

std::shared_ptr<LoraAdapter> load_adapter(const std::filesystem::path& folder,
                                          const weights::ModelConfig& config) {
  const std::filesystem::path config_path = folder / kConfigFile, weights_path = folder / kWeightsFile;
  const LoraOptions options = options_from_json(read_json_file(config_path, kDoing), config_path.string());
  auto adapter = std::make_shared<LoraAdapter>(config, options, /*seed=*/0);
  const weights::SafetensorsFile file(weights_path);
  const auto parameters = adapter->parameters();
  for (const NamedTensor& parameter : parameters) copy_checked(file, parameter, weights_path.string());
  if (file.size() != parameters.size())
    throw InputError(
        kDoing, weights_path.string(),
        fmt::format("has {} tensors, expected {}: it belongs to a model with fewer layers or other "
                    "targets",
                    file.size(), parameters.size()));
  return adapter;
}

}  // namespace conceptune::model
