// The files a model comes in, opened and mapped, before their tensors are matched with the family's table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/runtime/weights/model_config.h"
#include "conceptune/runtime/weights/safetensors.h"

namespace conceptune::weights {

/// One tensor of a file, under the file's own name for it.
struct FileTensor {
  std::string name;
  std::string type;                 ///< as the format spells it: "Q4_1", "BF16"
  std::vector<std::int64_t> shape;  ///< in PyTorch's order
  std::span<const std::byte> bytes;
  std::string file;  ///< path, for messages
};

struct ModelFiles {
  ModelConfig config;
  bool gguf_names = false;  ///< tensors have GGUF's names and llama.cpp's row order
  std::vector<FileTensor> tensors;
  std::vector<std::filesystem::path> paths;  ///< what hash() covers
  std::shared_ptr<const void> mapping;       ///< keeps every span above valid
};

/// The safetensors files of a Hugging Face folder by name: model.safetensors, or the shards that
/// model.safetensors.index.json names, which must hold what it says. Throws InputError.
std::map<std::string, SafetensorsFile> open_safetensors_folder(const std::filesystem::path& folder);

/// The tensors and configuration of an opened GGUF; its bytes must outlive the result.
ModelFiles model_files_of(std::shared_ptr<const GgufFile> file);

/// The GGUF file that a model comes in, itself or the model.gguf of its folder; nothing for a Hugging Face
/// folder.
std::optional<std::filesystem::path> gguf_file_of(const std::filesystem::path& model);

/// Opens a .gguf file, a Hugging Face folder, or a folder with a model.gguf instead. Throws InputError for
/// anything else and for malformed files.
ModelFiles open_model_files(const std::filesystem::path& model);

}  // namespace conceptune::weights
