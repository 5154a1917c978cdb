#include "conceptune/runtime/model/merged_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "conceptune/base/atomic_folder.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/gguf.h"
#include "conceptune/base/json.h"
#include "conceptune/runtime/kernels/gemm.h"
#include "conceptune/runtime/model/llama_rows.h"
#include "conceptune/runtime/weights/family_table.h"
#include "conceptune/runtime/weights/gguf_writer.h"
#include "conceptune/runtime/weights/model_files.h"
#include "conceptune/runtime/weights/safetensors_writer.h"

namespace conceptune::model {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kDoing = "merging adapter";

weights::StoredType stored_type(MergedType type) {
  switch (type) {
    case MergedType::float16:
      return weights::StoredType::f16;
    case MergedType::bfloat16:
      return weights::StoredType::bf16;
    case MergedType::float32:
    case MergedType::q8_0:
      break;
  }
  return weights::StoredType::f32;
}

void write_gguf_model(const fs::path& base, const weights::ModelConfig& config, const WeightLoader& merged,
                      MergedType type, const fs::path& output) {
  std::vector<weights::GgufOutput> tensors = gguf_tensors(config, merged);
  const GgufFile source(base);
  for (const auto& tensor : source.tensors())  // read by other programs; no adapter changes them
    if (tensor.name == "rope_freqs.weight")
      tensors.push_back({std::string(tensor.name), {tensor.shape.begin(), tensor.shape.end()}, [&tensor] {
                           const Matrix values(1, static_cast<std::int64_t>(tensor.shape[0]));
                           std::copy(tensor.bytes.begin(), tensor.bytes.end(),
                                     reinterpret_cast<std::byte*>(values.values()));
                           return values;
                         }});
  weights::write_gguf(output, source.metadata(), tensors, gguf_storage(type));
}

/// Everything of the base's folder but its weights; config.json names the new number type.
void copy_other_files(const fs::path& base, const fs::path& output, MergedType type) {
  for (const auto& entry : fs::directory_iterator(base)) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_regular_file() || name.find(".safetensors") != std::string::npos || name == "config.json" ||
        entry.path().extension() == ".bin" || entry.path().extension() == ".gguf")
      continue;
    fs::copy_file(entry.path(), output / name);
  }
  Json config = read_json_file(base / "config.json", kDoing);
  config[config.contains("dtype") ? "dtype" : "torch_dtype"] = torch_name_of(type);
  write_file_atomically(output / "config.json", to_json_text(config, 2) + "\n");
}

void write_safetensors_model(const fs::path& base, const weights::ModelConfig& config,
                             const WeightLoader& merged, MergedType type, const fs::path& folder) {
  copy_other_files(base, folder, type);
  write_safetensors_weights(config, merged, type, folder);
}

}  // namespace

weights::GgufStorage gguf_storage(MergedType type) {
  switch (type) {
    case MergedType::float16:
      return weights::GgufStorage::f16;
    case MergedType::bfloat16:
      return weights::GgufStorage::bf16;
    case MergedType::q8_0:
      return weights::GgufStorage::q8_0;
    case MergedType::float32:
      break;
  }
  return weights::GgufStorage::f32;
}

std::vector<weights::GgufOutput> gguf_tensors(const weights::ModelConfig& config,
                                              const WeightLoader& values) {
  std::vector<weights::GgufOutput> tensors;
  for (const auto& expected : weights::expected_tensors(config))
    tensors.push_back({expected.gguf_name, expected.shape, [&values, &config, expected] {
                         const Matrix loaded = values(expected.name);
                         return expected.interleaved ? interleaved(loaded, config.head_size) : loaded;
                       }});
  return tensors;
}

void write_safetensors_weights(const weights::ModelConfig& config, const WeightLoader& values,
                               MergedType type, const fs::path& folder) {
  std::vector<weights::SafetensorsOutput> tensors;
  for (const auto& expected : weights::expected_tensors(config))
    tensors.push_back({expected.name, expected.shape, [&values, expected] { return values(expected.name); }});
  weights::write_safetensors(folder / "model.safetensors", tensors, stored_type(type), {{"format", "pt"}});
}

const char* torch_name_of(MergedType type) {
  return type == MergedType::float16 ? "float16" : type == MergedType::bfloat16 ? "bfloat16" : "float32";
}

WeightLoader merged_weights(std::shared_ptr<const weights::WeightStore> store,
                            std::shared_ptr<const LoraAdapter> adapter) {
  std::map<std::string, const LoraPair*> pairs;
  for (std::int64_t layer = 0; layer < store->config().layers; ++layer)
    for (const Projection projection : kProjections)
      if (const LoraPair* pair = adapter->find(layer, projection))
        pairs.emplace(module_name(layer, projection) + ".weight", pair);
  return [store, adapter, pairs](std::string_view name) {
    Matrix values = store->load(name);
    const auto found = pairs.find(std::string(name));
    if (found == pairs.end()) return values;
    const auto& [a_RI, b_OR, alpha] = *found->second;
    const auto scaling = static_cast<float>(adapter->scaling(*found->second));
    kernels::parallel_gemm({b_OR.rows(), a_RI.width(), a_RI.rows()}, scaling, {b_OR.values(), b_OR.width()},
                           {a_RI.values(), a_RI.width()}, 1, values.values(), values.width());
    return values;
  };
}

void check_merged_output(const fs::path& base, MergedType type, const Destination& output,
                         std::span<const fs::path> inputs) {
  const std::string path = output.path.string();
  const bool is_gguf = weights::gguf_file_of(base).has_value();
  if (is_gguf && output.path.extension() != ".gguf")
    throw InputError(kDoing, path, "expected a name that ends in .gguf, which is the base's format");
  if (!is_gguf && output.path.extension() == ".gguf")
    throw InputError(kDoing, path, "expected a folder's name: the base's format is safetensors");
  if (!is_gguf && type == MergedType::q8_0)
    throw InputError(kDoing, path, "the type is q8_0, expected f32, f16 or bf16 in safetensors");
  if (is_gguf)
    check_file_destination(
        output, "GGUF model", kDoing, [](const fs::path& file) { return begins_with(file, "GGUF"); }, inputs);
  else
    check_folder_destination(output, ProductKind::model, kDoing, inputs);
}

void write_merged_model(const fs::path& base, const weights::WeightStore& store, const WeightLoader& merged,
                        MergedType type, const Destination& output) {
  check_merged_output(base, type, output);
  if (const auto gguf = weights::gguf_file_of(base))
    return write_gguf_model(*gguf, store.config(), merged, type, output.path);
  AtomicFolder folder(output, ProductKind::model);
  write_safetensors_model(base, store.config(), merged, type, folder.path());
  folder.commit();
}

void write_model_files(const fs::path& base, const weights::ModelConfig& config, const WeightLoader& values,
                       MergedType type, const fs::path& folder) {
  if (const auto gguf = weights::gguf_file_of(base))
    return write_gguf_model(*gguf, config, values, type, folder / "model.gguf");
  write_safetensors_model(base, config, values, type, folder);
}

}  // namespace conceptune::model
