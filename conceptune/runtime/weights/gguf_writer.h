// Writing GGUF files (ggml's docs/gguf.md, version 3) with metadata, such as another file's, and new tensors.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/base/gguf.h"
#include "conceptune/runtime/matrices/matrix.h"

namespace conceptune::weights {

/// How matrices are stored; vectors are always float32, as llama.cpp expects them.
enum class GgufStorage { f32, f16, bf16, q8_0 };

/// A tensor to write: its shape in PyTorch's order, and its values in float32 when their turn comes.
struct GgufOutput {
  std::string name;
  std::vector<std::int64_t> shape;
  std::function<model::Matrix()> values;
};

/// Writes `tensors` with `metadata`, general.file_type set to what is stored, through an AtomicFile. Only one
/// tensor is in memory at a time. A matrix whose rows are no multiple of 32 values is stored as F16 instead
/// of Q8_0. Throws SystemError when the disk refuses.
void write_gguf(const std::filesystem::path& path, const std::map<std::string_view, GgufValue>& metadata,
                const std::vector<GgufOutput>& tensors, GgufStorage storage);

}  // namespace conceptune::weights
