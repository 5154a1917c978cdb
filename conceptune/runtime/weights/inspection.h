// What a model file says about itself, for people and for scripts: any GGUF or safetensors file, model folder
// or adapter folder, whether this project can compute with it or not.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "conceptune/base/json.h"

namespace conceptune::weights {

struct InspectedTensor {
  std::string name;  ///< the file's own
  std::string type;
  std::vector<std::int64_t> shape;  ///< in PyTorch's order
  std::int64_t values;
  std::int64_t bytes;
};

struct Inspection {
  std::string kind;      ///< "GGUF", "safetensors", "model folder" or "adapter folder"
  Json metadata;         ///< an object: GGUF's or safetensors' metadata, config.json, adapter_config.json
  std::string obstacle;  ///< why it cannot be opened as a model; empty when it can, or is none by itself
  std::vector<InspectedTensor> tensors;
};

/// Whether inspect() knows what this path is, by its name or the files in it.
bool is_model_file(const std::filesystem::path& path);

/// Reads headers only. Throws InputError when is_model_file(path) is false or a file is malformed.
Inspection inspect(const std::filesystem::path& path);

}  // namespace conceptune::weights
