#include "conceptune/runtime/weights/model_files.h"

#include <fmt/format.h>

#include "conceptune/base/error.h"
#include "conceptune/base/gguf.h"
#include "conceptune/base/json.h"
#include "conceptune/base/product.h"
#include "conceptune/runtime/weights/model_config_parts.h"

namespace conceptune::weights {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDoing = "opening model";

/// File of each tensor, from model.safetensors.index.json.
std::map<std::string, std::string> read_weight_map(const fs::path& index) {
  const Json json = read_json_file(index, kDoing);
  const auto weight_map = json.is_object() ? json.find("weight_map") : json.end();
  if (weight_map == json.end() || !weight_map->is_object())
    throw InputError(kDoing, index.string(), "expected an object \"weight_map\"");
  std::map<std::string, std::string> files;
  for (const auto& [name, file] : weight_map->items()) {
    if (!file.is_string() || fs::path(file.get<std::string>()).filename() != file.get<std::string>())
      throw InputError(kDoing, index.string(),
                       fmt::format("tensor '{}': expected the name of a file in the same folder", name));
    files.emplace(name, file.get<std::string>());
  }
  return files;
}

void check_shards(const std::map<std::string, std::string>& weight_map,
                  const std::map<std::string, SafetensorsFile>& shards, const fs::path& index) {
  for (const auto& [name, file] : weight_map)
    if (!shards.at(file).contains(name))
      throw InputError(kDoing, index.string(), fmt::format("tensor '{}' is not in {}", name, file));
}

ModelFiles open_folder(const fs::path& folder) {
  const fs::path config_path = folder / "config.json";
  ModelFiles model;
  model.config = config_from_json(read_json_file(config_path, kReadingConfig), config_path.string());
  model.config.name = fs::weakly_canonical(folder).filename().string();
  model.paths = {config_path};
  const auto files =
      std::make_shared<const std::map<std::string, SafetensorsFile>>(open_safetensors_folder(folder));
  for (const auto& [name, file] : *files) {
    model.paths.push_back(folder / name);
    for (const SafetensorsTensor& tensor : file.tensors())
      model.tensors.push_back(
          {tensor.name, std::string(tensor.type), tensor.shape, tensor.bytes, file.name()});
  }
  model.mapping = files;
  return model;
}

}  // namespace

std::map<std::string, SafetensorsFile> open_safetensors_folder(const fs::path& folder) {
  constexpr const char* kSingle = "model.safetensors";
  const fs::path index = folder / "model.safetensors.index.json";
  std::map<std::string, SafetensorsFile> files;
  if (fs::exists(folder / kSingle)) {
    files.emplace(kSingle, SafetensorsFile(folder / kSingle));
  } else if (fs::exists(index)) {
    const auto weight_map = read_weight_map(index);
    for (const auto& [name, file] : weight_map)
      if (!files.contains(file)) files.emplace(file, SafetensorsFile(folder / file));
    check_shards(weight_map, files, index);
  } else {
    throw InputError(
        kDoing, folder.string(),
        "expected model.safetensors or model.safetensors.index.json (pickled weights are not read)");
  }
  return files;
}

ModelFiles model_files_of(std::shared_ptr<const GgufFile> file) {
  ModelFiles model;
  model.config = config_from_gguf(*file);
  model.gguf_names = true;
  for (const GgufTensor& tensor : file->tensors())
    model.tensors.push_back({std::string(tensor.name),
                             tensor.type->name,
                             {tensor.shape.rbegin(), tensor.shape.rend()},
                             tensor.bytes,
                             file->name()});
  model.mapping = std::move(file);
  return model;
}

std::optional<fs::path> gguf_file_of(const fs::path& model) {
  if (!fs::is_directory(model)) return model;
  const fs::path inside = model / "model.gguf";
  return !fs::exists(model / "config.json") && fs::exists(inside) ? std::optional(inside) : std::nullopt;
}

ModelFiles open_model_files(const fs::path& model) {
  check_unchanged(model, kDoing);
  const auto gguf = gguf_file_of(model);
  if (!gguf) return open_folder(model);
  if (!fs::exists(*gguf)) throw InputError(kDoing, gguf->string(), "No such file or directory");
  if (gguf->extension() != ".gguf")
    throw InputError(kDoing, gguf->string(), "expected a .gguf file or a folder with config.json");
  ModelFiles files = model_files_of(std::make_shared<const GgufFile>(*gguf));
  files.paths = {*gguf};
  return files;
}

}  // namespace conceptune::weights
