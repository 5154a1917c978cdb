// Matrix products by oneDNN: on all threads, or within a loop over
// threads in the calling one.
//
// All matrices are row-major, c is float32; c = a · b, or c += it.
#pragma once

#include <string>

#include "conceptune/runtime/kernels/gemm.h"

namespace conceptune::kernels::onednn {

/// Whether this program was built with it; without, all products go through BLAS, in float32.
bool is_built_in();
/// Of the library in use, e.g. "2.7.3"; empty where there is none.
std::string version();

/// Whether products of float32 (AVX2 on) or of bfloat16 (AVX512-BF16) go through oneDNN: whether it is there
/// and the instruction set in use allows it. Within a product oneDNN takes the best that the processor has,
/// as BLAS does.
bool multiplies_float32();
bool multiplies_bfloat16();

/// Throws Error where oneDNN has no such product, or is not there. Few rows or columns are not what it is
/// fast at.
void gemm(const GemmShape& shape, const Operand& a, const Operand& b, bool add, float* c,
          std::int64_t c_leading);
void gemm(const GemmShape& shape, const Bf16Operand& a, const Bf16Operand& b, bool add, float* c,
          std::int64_t c_leading);

}  // namespace conceptune::kernels::onednn
