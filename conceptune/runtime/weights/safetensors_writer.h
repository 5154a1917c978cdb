// Writing safetensors files (the format of huggingface/safetensors: an 8-byte header length, a JSON header,
// the tensors' bytes).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "conceptune/runtime/matrices/matrix.h"

namespace conceptune::weights {

/// A matrix and the name it has in files.
struct NamedMatrix {
  std::string name;
  model::Matrix matrix;
};

/// Number type of written values.
enum class StoredType { f32, f16, bf16 };

/// A tensor to write: its values in float32 when their turn comes, as many as its shape says.
struct SafetensorsOutput {
  std::string name;
  std::vector<std::int64_t> shape;
  std::function<model::Matrix()> values;
};

/// Writes the tensors, in the order given, through an AtomicFile; the same tensors give the same bytes, and
/// one at a time is in memory. `metadata` becomes "__metadata__". Throws InputError for a name that is there
/// twice, SystemError when the disk refuses.
void write_safetensors(const std::filesystem::path& path, const std::vector<SafetensorsOutput>& tensors,
                       StoredType type, const std::map<std::string, std::string>& metadata = {});
/// Matrices in float32.
void write_safetensors(const std::filesystem::path& path, const std::vector<NamedMatrix>& matrices,
                       const std::map<std::string, std::string>& metadata = {});

/// The bytes of numbers stored so, rounded to the nearest, ties to even.
std::string stored_bytes(const model::Matrix& values, StoredType type);

}  // namespace conceptune::weights
