// Builds GGUF files for tests: true ones, and ones with a chosen fault.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace conceptune::test {

/// Metadata and tensors are written in the order of the calls; content() lays them out as GGUF version 3.
class GgufBuilder {
 public:
  GgufBuilder& string(std::string_view key, std::string_view value);
  GgufBuilder& integer(std::string_view key, std::uint32_t value);
  GgufBuilder& number(std::string_view key, float value);
  /// `shape` in PyTorch's order; `bytes` in the layout of ggml type id `type` (0 F32, 8 Q8_0).
  GgufBuilder& tensor(std::string_view name, const std::vector<std::int64_t>& shape, std::uint32_t type,
                      std::string_view bytes);
  /// A tensor of F32 values.
  GgufBuilder& floats(std::string_view name, const std::vector<std::int64_t>& shape,
                      const std::vector<float>& values);

  std::string content() const;

 private:
  GgufBuilder& entry(std::string_view key, std::uint32_t type, std::string_view value);

  std::uint64_t entry_count_ = 0;
  std::uint64_t tensor_count_ = 0;
  std::string entries_;
  std::string tensors_;
  std::string data_;
};

}  // namespace conceptune::test
