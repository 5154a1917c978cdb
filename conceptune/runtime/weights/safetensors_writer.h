// Writing safetensors files (the format of huggingface/safetensors: an 8-byte header length, a JSON header,
// the tensors' bytes).
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace conceptune::weights {

/// A tensor and the name it has in files.
struct NamedTensor {
  std::string name;
  at::Tensor tensor;
};

/// Writes the tensors, in the order given, through an AtomicFile; the same tensors give the same bytes.
/// Types: float32, float16, bfloat16, float64, int64, int32, uint8; any device, any strides. `metadata`
/// becomes
/// "__metadata__". Throws InputError for another type or a name that is there twice, SystemError when the
/// disk refuses.
void write_safetensors(const std::filesystem::path& path, const std::vector<NamedTensor>& tensors,
                       const std::map<std::string, std::string>& metadata = {});

}  // namespace conceptune::weights
