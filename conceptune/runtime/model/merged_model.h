// A base model with an adapter folded into its weights: W + s · B A, added in float32 and cast once.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "conceptune/base/destination.h"
#include "conceptune/runtime/model/decoder_weights.h"
#include "conceptune/runtime/model/lora.h"
#include "conceptune/runtime/weights/gguf_writer.h"
#include "conceptune/runtime/weights/weight_store.h"

namespace conceptune::model {

/// Number type of the written matrices.
enum class MergedType { float32, float16, bfloat16, q8_0 };

/// The model's tensors with the adapter's products added; both are kept alive.
WeightLoader merged_weights(std::shared_ptr<const weights::WeightStore> store,
                            std::shared_ptr<const LoraAdapter> adapter);

/// What can be said of an output before anything is computed: throws InputError unless it is new (or a model
/// of this format that is to be replaced, and none of the inputs), has the name of its base's format (….gguf
/// for a GGUF base, else a folder's) and the format has the type.
void check_merged_output(const std::filesystem::path& base, MergedType type, const Destination& output,
                         std::span<const std::filesystem::path> inputs = {});

/// Writes the merged model in its base's format: a .gguf file for a GGUF base (F32, F16, BF16, Q8_0), else a
/// folder with model.safetensors (F32, F16, BF16) and the base's other files. A tied head stays tied. Throws
/// as check_merged_output().
void write_merged_model(const std::filesystem::path& base, const weights::WeightStore& store,
                        const WeightLoader& merged, MergedType type, const Destination& output);

/// The model's tensors under their GGUF names and in llama.cpp's order of rows; `values` and `config` outlive
/// them.
std::vector<weights::GgufOutput> gguf_tensors(const weights::ModelConfig& config, const WeightLoader& values);
weights::GgufStorage gguf_storage(MergedType type);

/// model.safetensors in a folder that exists; not Q8_0.
void write_safetensors_weights(const weights::ModelConfig& config, const WeightLoader& values,
                               MergedType type, const std::filesystem::path& folder);
/// As config.json names the type.
const char* torch_name_of(MergedType type);

/// The same into a folder that exists: model.gguf for a GGUF base, else model.safetensors (not Q8_0) and the
/// base's other files.
void write_model_files(const std::filesystem::path& base, const weights::ModelConfig& config,
                       const WeightLoader& values, MergedType type, const std::filesystem::path& folder);

}  // namespace conceptune::model

template <>
inline constexpr std::pair<const char*, conceptune::model::MergedType>
    conceptune::enum_names<conceptune::model::MergedType>[] = {
        {"f32", conceptune::model::MergedType::float32},
        {"f16", conceptune::model::MergedType::float16},
        {"bf16", conceptune::model::MergedType::bfloat16},
        {"q8_0", conceptune::model::MergedType::q8_0}};
