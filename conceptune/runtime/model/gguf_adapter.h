// Adapters as llama.cpp reads them (--lora): one GGUF file with the two matrices of every adapted weight.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "conceptune/base/destination.h"
#include "conceptune/runtime/model/lora.h"
#include "conceptune/runtime/weights/gguf_writer.h"
#include "conceptune/runtime/weights/model_config.h"

namespace conceptune::model {

/// Throws InputError unless a new GGUF adapter can be written there: a name that ends in .gguf, absent or a
/// GGUF file that is to be replaced, and none of the inputs.
void check_gguf_adapter_output(const Destination& output, std::span<const std::filesystem::path> inputs = {});

/// Writes the adapter for a base of this configuration, called `name` in the file. llama.cpp scales all pairs
/// by one alpha over their rank: where a pair's own scaling is another (its own alpha, rsLoRA), its B makes
/// up for it. Throws as check_gguf_adapter_output(), and SystemError when the disk refuses.
void write_gguf_adapter(const Destination& output, const LoraAdapter& adapter,
                        const weights::ModelConfig& config, const std::string& name,
                        weights::GgufStorage storage);

}  // namespace conceptune::model
