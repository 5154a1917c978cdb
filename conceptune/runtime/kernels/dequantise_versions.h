// The versions of the dequantisation kernels, one table per instruction set; dequantise.cpp chooses.
#pragma once

#include <cstddef>
#include <cstdint>

namespace conceptune::kernels {

/// Expands `block_count` blocks of one type into floats, or into bfloat16s.
template <class Number>
using DequantiseBlocks = void (*)(const std::uint8_t* blocks, std::size_t block_count, Number* out);

/// One function per BlockType, in its order.
template <class Number>
using DequantiseTable = DequantiseBlocks<Number>[11];

namespace plain {
extern const DequantiseTable<float> kDequantise;
}
namespace avx2 {
extern const DequantiseTable<float> kDequantise;
}
namespace avx512 {
extern const DequantiseTable<float> kDequantise;
}
namespace avx512bf16 {
extern const DequantiseTable<std::uint16_t> kDequantise;
}

}  // namespace conceptune::kernels
