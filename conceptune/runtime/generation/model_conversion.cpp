#include "conceptune/runtime/generation/model_conversion.h"

#include <fmt/format.h>

#include <algorithm>

#include "conceptune/base/atomic_folder.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/gguf.h"
#include "conceptune/base/gguf_values.h"
#include "conceptune/runtime/model/rope.h"
#include "conceptune/runtime/tokenizer/tokenizer_files.h"
#include "conceptune/runtime/weights/config_files.h"
#include "conceptune/runtime/weights/gguf_writer.h"
#include "conceptune/runtime/weights/model_files.h"

namespace conceptune::generation {
namespace {

namespace fs = std::filesystem;
using model::MergedType;

constexpr std::string_view kDoing = "writing model";
constexpr const char* kRopeDivisors = "rope_freqs.weight";

bool is_gguf_name(const fs::path& path) { return path.extension() == ".gguf"; }

/// What a folder holds beside model.safetensors.
struct FolderFiles {
  Json config;
  tokenizer::TokenizerFiles tokenizer;
};

FolderFiles folder_files_of(const fs::path& gguf, weights::ModelConfig config, MergedType type) {
  const GgufFile file(gguf);
  if (!config.rope_divisors.empty() && !(config.rope_scaling = model::rope_scaling_of(config)))
    throw InputError(
        kDoing, gguf.string(),
        fmt::format("'{}' is no scaling of Llama 3.x, which config.json could name", kRopeDivisors));
  FolderFiles files = {weights::config_to_json(config), tokenizer::tokenizer_files_of(file)};
  files.config["torch_dtype"] = model::torch_name_of(type);
  for (const auto& [key, of_gguf] : {std::pair("bos_token_id", "tokenizer.ggml.bos_token_id"),
                                     std::pair("eos_token_id", "tokenizer.ggml.eos_token_id")})
    if (const auto id = file.integer(of_gguf)) files.config[key] = *id;
  return files;
}

void set_metadata(const fs::path& folder, const weights::ModelConfig& config, GgufValues& values) {
  if (config.rope_scaling && config.family != weights::Family::llama)
    throw InputError(kDoing, folder.string(),
                     fmt::format("a {} model with rope_scaling has no form in GGUF that llama.cpp reads",
                                 weights::name_of(config.family)));
  weights::set_config(config, values);
  tokenizer::set_tokenizer(folder, config.vocabulary, values);
}

void write_as_folder(const fs::path& gguf, const weights::ModelConfig& config,
                     const model::WeightLoader& values, MergedType type, const Destination& output) {
  const FolderFiles files = folder_files_of(gguf, config, type);
  AtomicFolder folder(output, ProductKind::model);
  write_file_atomically(folder.path() / "config.json", to_json_text(files.config, 2) + "\n");
  write_file_atomically(folder.path() / "tokenizer.json", to_json_text(files.tokenizer.tokenizer) + "\n");
  write_file_atomically(folder.path() / "tokenizer_config.json",
                        to_json_text(files.tokenizer.config, 2) + "\n");
  model::write_safetensors_weights(config, values, type, folder.path());
  folder.commit();
}

void write_as_gguf(const fs::path& base, const weights::ModelConfig& config,
                   const model::WeightLoader& values, MergedType type, const fs::path& output) {
  GgufValues metadata;
  set_metadata(base, config, metadata);
  auto tensors = model::gguf_tensors(config, values);
  if (const auto divisors = model::rope_divisors_of(config); !divisors.empty())
    tensors.push_back({kRopeDivisors, {std::ssize(divisors)}, [divisors] {
                         model::Matrix row(1, std::ssize(divisors));
                         std::ranges::copy(divisors, row.values());
                         return row;
                       }});
  weights::write_gguf(output, metadata.values(), tensors, model::gguf_storage(type));
}

void check_destination(MergedType type, const Destination& output, std::span<const fs::path> inputs) {
  if (is_gguf_name(output.path))
    return check_file_destination(
        output, "GGUF model", kDoing, [](const fs::path& file) { return begins_with(file, "GGUF"); }, inputs);
  if (type == MergedType::q8_0)
    throw InputError(kDoing, output.path.string(),
                     "the type is q8_0, expected f32, f16 or bf16 in a folder, or a name that ends in .gguf");
  check_folder_destination(output, ProductKind::model, kDoing, inputs);
}

}  // namespace

void check_model_output(const fs::path& base, MergedType type, const Destination& output,
                        std::span<const fs::path> inputs) {
  check_destination(type, output, inputs);
  const auto gguf = weights::gguf_file_of(base);
  if (gguf.has_value() == is_gguf_name(output.path)) return;
  const auto config = weights::WeightStore::open(base)->config();
  if (gguf) {
    folder_files_of(*gguf, config, type);
  } else {
    GgufValues metadata;
    set_metadata(base, config, metadata);
  }
}

void write_model(const fs::path& base, const weights::WeightStore& store, const model::WeightLoader& values,
                 MergedType type, const Destination& output) {
  const auto gguf = weights::gguf_file_of(base);
  check_destination(type, output, {});
  if (gguf.has_value() == is_gguf_name(output.path))
    return model::write_merged_model(base, store, values, type, output);
  if (gguf) return write_as_folder(*gguf, store.config(), values, type, output);
  write_as_gguf(base, store.config(), values, type, output.path);
}

}  // namespace conceptune::generation
