#include "conceptune/runtime/weights/inspection.h"

#include <cstring>
#include <functional>
#include <map>
#include <numeric>

#include "conceptune/base/error.h"
#include "conceptune/base/gguf.h"
#include "conceptune/runtime/weights/model_files.h"
#include "conceptune/runtime/weights/safetensors.h"
#include "conceptune/runtime/weights/weight_store.h"

namespace conceptune::weights {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDoing = "inspecting";

InspectedTensor inspected(std::string name, std::string type, std::vector<std::int64_t> shape,
                          std::size_t bytes) {
  const std::int64_t values =
      std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
  return {std::move(name), std::move(type), std::move(shape), values, static_cast<std::int64_t>(bytes)};
}

Json value_of(const GgufFile& file, const std::string& key, const GgufValue& value) {
  if (value.is_array) return value.text();
  switch (value.type) {
    case GgufType::string:
      return std::string(*file.string(key));
    case GgufType::boolean:
      return *file.boolean(key);
    case GgufType::f32:
    case GgufType::f64:
      return *file.number(key);
    case GgufType::u64: {
      std::uint64_t number = 0;
      std::memcpy(&number, value.bytes.data(), sizeof number);
      return number;
    }
    default:
      return *file.integer(key);
  }
}

/// Why the path cannot be opened as a model, or nothing.
std::string obstacle_of(const fs::path& path) {
  try {
    WeightStore::open(path);
    return {};
  } catch (const InputError& error) {
    return error.what();
  }
}

void append_tensors(const SafetensorsFile& file, Inspection& inspection) {
  for (const SafetensorsTensor& tensor : file.tensors())
    inspection.tensors.push_back(
        inspected(tensor.name, std::string(tensor.type), tensor.shape, tensor.bytes.size()));
}

Inspection inspect_gguf(const fs::path& path) {
  const GgufFile file(path);
  // Collected in a map: an ordered Json looks through all its keys at each insertion.
  std::map<std::string, Json> metadata;
  for (const auto& [key, value] : file.metadata())
    metadata.emplace(key, value_of(file, std::string(key), value));
  Inspection inspection{"GGUF", metadata, obstacle_of(path), {}};
  for (const GgufTensor& tensor : file.tensors())
    inspection.tensors.push_back(inspected(std::string(tensor.name), tensor.type->name,
                                           {tensor.shape.rbegin(), tensor.shape.rend()},
                                           tensor.bytes.size()));
  return inspection;
}

Inspection inspect_safetensors(const fs::path& path) {
  const SafetensorsFile file(path);
  Inspection inspection{"safetensors", file.metadata(), {}, {}};
  append_tensors(file, inspection);
  return inspection;
}

Inspection inspect_adapter(const fs::path& folder) {
  Inspection inspection{"adapter folder", read_json_file(folder / "adapter_config.json", kDoing), {}, {}};
  append_tensors(SafetensorsFile(folder / "adapter_model.safetensors"), inspection);
  return inspection;
}

Inspection inspect_model_folder(const fs::path& folder) {
  Inspection inspection{
      "model folder", read_json_file(folder / "config.json", kDoing), obstacle_of(folder), {}};
  for (const auto& [name, file] : open_safetensors_folder(folder)) append_tensors(file, inspection);
  return inspection;
}

bool has(const fs::path& folder, const char* name) { return fs::exists(folder / name); }

struct Kind {
  bool (*matches)(const fs::path&);
  Inspection (*inspect)(const fs::path&);
};

constexpr Kind kKinds[] = {
    {[](const fs::path& path) { return !fs::is_directory(path) && path.extension() == ".gguf"; },
     inspect_gguf},
    {[](const fs::path& path) { return !fs::is_directory(path) && path.extension() == ".safetensors"; },
     inspect_safetensors},
    {[](const fs::path& path) { return has(path, "adapter_config.json"); }, inspect_adapter},
    {[](const fs::path& path) { return has(path, "config.json"); }, inspect_model_folder},
};

}  // namespace

bool is_model_file(const fs::path& path) {
  for (const Kind& kind : kKinds)
    if (kind.matches(path)) return true;
  return false;
}

Inspection inspect(const fs::path& path) {
  for (const Kind& kind : kKinds)
    if (kind.matches(path)) return kind.inspect(path);
  throw InputError(
      kDoing, path.string(),
      "expected a .gguf or .safetensors file, or a folder with config.json or adapter_config.json");
}

}  // namespace conceptune::weights
