// Writing a model in the format that its output's name asks for: a GGUF file, or a Hugging Face folder with
// its tokenizer, whatever format it was read from.
#pragma once

#include <filesystem>
#include <span>

#include "conceptune/base/destination.h"
#include "conceptune/runtime/model/merged_model.h"
#include "conceptune/runtime/weights/weight_store.h"

namespace conceptune::generation {

/// Everything that can be said before a weight is read: throws InputError unless the output is new (or a
/// model of its format that is to be replaced, and none of the inputs), its format has the type, and, where
/// it is not the base's own format, configuration and tokenizer can be said in it (config_files.h,
/// tokenizer_files.h).
void check_model_output(const std::filesystem::path& base, model::MergedType type, const Destination& output,
                        std::span<const std::filesystem::path> inputs = {});

/// Writes `values`, those of the base or changed ones: ….gguf (F32, F16, BF16, Q8_0), else a folder with
/// model.safetensors (F32, F16, BF16). In the base's own format all that is beside the weights is kept as it
/// is. Throws as check_model_output(), and SystemError when the disk refuses.
void write_model(const std::filesystem::path& base, const weights::WeightStore& store,
                 const model::WeightLoader& values, model::MergedType type, const Destination& output);

}  // namespace conceptune::generation
