// The versions of the dequantisation kernels, one table per instruction set; dequantise.cpp chooses.
#pragma once

#include <cstddef>
#include <cstdint>

namespace conceptune::kernels {

/// Expands `block_count` blocks of one type into floats.
using DequantiseBlocks = void (*)(const std::uint8_t* blocks, std::size_t block_count, float* out);

/// One function per BlockType, in its order.
using DequantiseTable = DequantiseBlocks[11];

namespace plain {
extern const DequantiseTable kDequantise;
}
namespace avx2 {
extern const DequantiseTable kDequantise;
}
namespace avx512 {
extern const DequantiseTable kDequantise;
}

}  // namespace conceptune::kernels
