#include "conceptune/runtime/model/adapter_tensors.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "conceptune/base/error.h"
#include "conceptune/runtime/weights/family_table.h"

namespace conceptune::model {
namespace {

using weights::SafetensorsTensor;

constexpr std::string_view kDoing = "reading adapter";
constexpr std::string_view kPrefix = "base_model.model.";
constexpr std::string_view kSuffixes[] = {".lora_A.weight", ".lora_B.weight"};
constexpr std::string_view kTypes[] = {"F32", "F16", "BF16", "F64"};

using Module = std::pair<std::int64_t, Projection>;

/// The file's tensors by the module that they change: A and B, null where there is none.
class Matrices {
 public:
  Matrices(const weights::SafetensorsFile& file, const weights::ModelConfig& model)
      : file_(file), model_(model) {
    for (std::int64_t layer = 0; layer < model.layers; ++layer)
      for (const Projection projection : kProjections)
        modules_.emplace(module_name(layer, projection), Module(layer, projection));
    for (const SafetensorsTensor& tensor : file.tensors()) place(tensor);
  }

  /// By layer and projection.
  const std::map<Module, std::array<const SafetensorsTensor*, 2>>& found() const { return found_; }

  [[noreturn]] void fail(std::string_view name, std::string_view problem) const {
    throw InputError(kDoing, fmt::format("{}, tensor '{}'", file_.name(), name), problem);
  }

 private:
  void place(const SafetensorsTensor& tensor) {
    std::string_view name = tensor.name;
    const auto* suffix =
        std::ranges::find_if(kSuffixes, [&](std::string_view end) { return name.ends_with(end); });
    if (!name.starts_with(kPrefix) || suffix == std::end(kSuffixes))
      fail(name,
           "is no matrix of plain LoRA, expected base_model.model.MODULE.lora_A.weight or lora_B.weight");
    if (std::ranges::find(kTypes, tensor.type) == std::end(kTypes))
      fail(name, fmt::format("type is {}, expected F32, F16, BF16 or F64", tensor.type));
    name.remove_prefix(kPrefix.size());
    name.remove_suffix(suffix->size());
    const auto module = modules_.find(name);
    if (module == modules_.end())
      fail(tensor.name, fmt::format("'{}' is none of the projections of {} layers that can be adapted here",
                                    name, model_.layers));
    found_[module->second][static_cast<std::size_t>(suffix - kSuffixes)] = &tensor;
  }

  const weights::SafetensorsFile& file_;
  const weights::ModelConfig& model_;
  std::map<std::string, Module, std::less<>> modules_;
  std::map<Module, std::array<const SafetensorsTensor*, 2>> found_;
};

/// That a module's matrices are there where the settings want them, and only there.
void check_presence(const Matrices& matrices, const AdapterConfig& settings,
                    const weights::ModelConfig& model) {
  for (std::int64_t layer = 0; layer < model.layers; ++layer)
    for (const Projection projection : kProjections) {
      const std::string module = module_name(layer, projection);
      const auto found = matrices.found().find({layer, projection});
      const bool is_there = found != matrices.found().end();
      const std::string name = fmt::format("{}{}{}", kPrefix, module, kSuffixes[0]);
      if (is_there && (!found->second[0] || !found->second[1]))
        matrices.fail(found->second[0] ? found->second[0]->name : found->second[1]->name,
                      fmt::format("stands without its {}", found->second[0] ? "lora_B" : "lora_A"));
      const auto wanted = settings.adapts(module, layer);
      if (!wanted || *wanted == is_there) continue;
      if (is_there) matrices.fail(name, "adapts a module that target_modules does not name");
      matrices.fail(
          name,
          "is missing, though target_modules names its module: the adapter belongs to a model with fewer "
          "layers, or is cut off");
    }
}

}  // namespace

std::vector<AdaptedModule> adapted_modules(const weights::SafetensorsFile& file,
                                           const AdapterConfig& settings, const weights::ModelConfig& model) {
  const Matrices matrices(file, model);
  if (matrices.found().empty()) throw InputError(kDoing, file.name(), "has no tensors, expected LoRA's");
  check_presence(matrices, settings, model);
  std::vector<AdaptedModule> modules;
  for (const auto& [module, pair] : matrices.found()) {
    const auto [layer, projection] = module;
    const std::string name = module_name(layer, projection);
    const auto [in, out] = projection_shape(model, projection);
    const std::int64_t rank = settings.rank_of(name);
    const std::vector<std::int64_t> expected[] = {{rank, in}, {out, rank}};
    for (std::size_t i = 0; i < pair.size(); ++i)
      if (pair[i]->shape != expected[i])
        matrices.fail(
            pair[i]->name,
            fmt::format("shape is {}, expected {}: it has another rank than adapter_config.json says, or "
                        "belongs to another model",
                        weights::shape_text(pair[i]->shape), weights::shape_text(expected[i])));
    modules.push_back({layer, projection, settings.alpha_of(name), pair[0], pair[1]});
  }
  return modules;
}

}  // namespace conceptune::model
