// Expands stored weights into float32, or into bfloat16.
#pragma once

#include <cstddef>

#include "conceptune/runtime/kernels/block_type.h"
#include "conceptune/runtime/kernels/conversion.h"
#include "conceptune/runtime/kernels/isa.h"

namespace conceptune::kernels {

/// Expands `count` values stored at `blocks` into `out`. `count` is a multiple of the type's block size;
/// `blocks` holds count / values * bytes bytes of any alignment, `out` holds `count` floats. Formulas are
/// those of llama.cpp's dequantize_row_*; every version gives the same bits. Throws what active_isa() throws.
void dequantise(BlockType type, const void* blocks, std::size_t count, float* out);

/// What conversion_kernels().to_bf16 makes of those floats.
void dequantise(BlockType type, const void* blocks, std::size_t count, Bf16* out);

/// The first with a chosen instruction set, which must be one of supported_isas().
void dequantise_with(Isa isa, BlockType type, const void* blocks, std::size_t count, float* out);

}  // namespace conceptune::kernels
