// Adapters on disk, in PEFT's format (peft 0.x: adapter_config.json beside adapter_model.safetensors).
#include <fmt/format.h>

#include <set>

#include "conceptune/base/atomic_folder.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/json.h"
#include "conceptune/base/misplaced_product.h"
#include "conceptune/base/product.h"
#include "conceptune/runtime/model/adapter_card.h"
#include "conceptune/runtime/model/adapter_config.h"
#include "conceptune/runtime/model/adapter_tensors.h"
#include "conceptune/runtime/model/lora.h"
#include "conceptune/runtime/weights/safetensors.h"
#include "conceptune/runtime/weights/safetensors_writer.h"

namespace conceptune::model {
namespace {

constexpr std::string_view kDoing = "reading adapter";
constexpr const char* kConfigFile = "adapter_config.json";
constexpr const char* kWeightsFile = "adapter_model.safetensors";

/// What PEFT is told of the modules: the projections' names where every layer has the same, else all in full.
Json target_modules(const LoraAdapter& adapter) {
  std::set<std::string_view> names;
  Json in_full = Json::array();
  for (std::int64_t layer = 0; layer < adapter.layers(); ++layer)
    for (const Projection projection : kProjections) {
      if (!adapter.find(layer, projection)) continue;
      names.insert(projection_name(projection));
      in_full.push_back(module_name(layer, projection));
    }
  if (in_full.size() != names.size() * static_cast<std::size_t>(adapter.layers())) return in_full;
  Json targets = Json::array();
  for (const Projection projection : kProjections)
    if (names.contains(projection_name(projection))) targets.push_back(projection_name(projection));
  return targets;
}

/// The modules whose rank or alpha is not the usual one.
void add_patterns(const LoraAdapter& adapter, Json& config) {
  for (std::int64_t layer = 0; layer < adapter.layers(); ++layer)
    for (const Projection projection : kProjections) {
      const LoraPair* pair = adapter.find(layer, projection);
      if (!pair) continue;
      if (pair->a_RI.rows() != adapter.options().rank)
        config["rank_pattern"][module_name(layer, projection)] = pair->a_RI.rows();
      if (pair->alpha != adapter.options().alpha)
        config["alpha_pattern"][module_name(layer, projection)] = pair->alpha;
    }
}

Json config_to_json(const LoraAdapter& adapter, const std::string& base_model_name) {
  const LoraOptions& options = adapter.options();
  Json config = {{"base_model_name_or_path", base_model_name},
                 {"bias", "none"},
                 {"fan_in_fan_out", false},
                 {"inference_mode", true},
                 {"init_lora_weights", true},
                 {"lora_alpha", options.alpha},
                 {"lora_dropout", options.dropout},
                 {"modules_to_save", nullptr},
                 {"peft_type", "LORA"},
                 {"r", options.rank},
                 {"target_modules", target_modules(adapter)},
                 {"task_type", "CAUSAL_LM"},
                 {"use_dora", false},
                 {"use_rslora", options.rank_stabilised}};
  add_patterns(adapter, config);
  return config;
}

LoraOptions options_of(const AdapterConfig& settings, const std::vector<AdaptedModule>& modules) {
  LoraOptions options{.rank = static_cast<int>(settings.rank),
                      .alpha = settings.alpha,
                      .dropout = settings.dropout,
                      .targets = {},
                      .rank_stabilised = settings.rank_stabilised};
  std::set<Projection> projections;
  for (const AdaptedModule& module : modules) projections.insert(module.projection);
  for (const Projection projection : projections) options.targets.emplace_back(projection_name(projection));
  return options;
}

}  // namespace

void save_adapter(const std::filesystem::path& folder, const LoraAdapter& adapter,
                  const std::string& base_model_name, const std::string& model_card) {
  AtomicFolder files({folder, Existing::replace}, ProductKind::adapter);
  write_file_atomically(files.path() / kConfigFile,
                        to_json_text(config_to_json(adapter, base_model_name), 2) + "\n");
  weights::write_safetensors(files.path() / kWeightsFile, adapter.parameters(), {{"format", "pt"}});
  write_file_atomically(files.path() / "README.md", card_text({base_model_name, model_card}));
  files.commit();
}

std::shared_ptr<LoraAdapter> load_adapter(const std::filesystem::path& folder,
                                          const weights::ModelConfig& config) {
  check_unchanged(folder, kDoing);
  const std::filesystem::path config_path = folder / kConfigFile;
  if (!std::filesystem::exists(config_path))
    throw InputError(kDoing, folder.string(), misplaced_product(folder, ProductKind::adapter));
  const AdapterConfig settings =
      adapter_config_from_json(read_json_file(config_path, kDoing), config_path.string());
  const weights::SafetensorsFile file(folder / kWeightsFile);
  const std::vector<AdaptedModule> modules = adapted_modules(file, settings, config);
  std::vector<std::map<Projection, LoraPair>> layers(config.layers);
  for (const AdaptedModule& module : modules)
    layers[module.layer][module.projection] = {file.load(module.a->name), file.load(module.b->name),
                                               module.alpha};
  return std::make_shared<LoraAdapter>(options_of(settings, modules), std::move(layers));
}

}  // namespace conceptune::model
