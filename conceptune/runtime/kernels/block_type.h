// How numbers are stored in model files: plain floats and the quantised blocks of GGUF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace conceptune::kernels {

/// Storage types whose values can be expanded to float32. A quantised type stores a row as whole blocks.
enum class BlockType : std::uint8_t { f32, f16, bf16, q4_0, q4_1, q5_0, q5_1, q8_0, q4_k, q5_k, q6_k };

/// Size of one block: `values` consecutive numbers take `bytes` bytes (ggml-common.h of llama.cpp).
struct BlockLayout {
  std::string_view name;  ///< as GGUF and safetensors spell it, e.g. "Q4_1", "BF16"
  std::size_t values;
  std::size_t bytes;
};

BlockLayout layout_of(BlockType type);

/// The type with that name ("Q4_K", "F16"), or nothing.
std::optional<BlockType> block_type_named(std::string_view name);

/// "F32, F16, …": all names, for messages.
std::string block_type_names();

}  // namespace conceptune::kernels
