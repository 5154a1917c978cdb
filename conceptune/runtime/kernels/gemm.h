// Matrix products: small ones on BLAS, large ones on oneDNN, which is the faster
// there.
//
// All matrices are row-major, float32 where not said otherwise; a leading dimension is the distance between
// rows.
#pragma once

#include <cstdint>

namespace conceptune::kernels {

/// A matrix operand: as stored, or the transpose of what is stored.
struct Operand {
  const float* values;
  std::int64_t leading;
  bool transposed = false;
};

/// The same of bfloat16 numbers (the upper halves of float32).
struct Bf16Operand {
  const std::uint16_t* values;
  std::int64_t leading;
  bool transposed = false;
};

struct GemmShape {
  std::int64_t rows, columns, inner;
};

/// c = alpha · a · b + beta · c, with a rows × inner, b inner × columns, in the calling thread. With beta 0,
/// c may hold anything. Dimensions fit in 31 bits.
void gemm(const GemmShape& shape, float alpha, const Operand& a, const Operand& b, float beta, float* c,
          std::int64_t c_leading);

/// The same on all threads.
void parallel_gemm(const GemmShape& shape, float alpha, const Operand& a, const Operand& b, float beta,
                   float* c, std::int64_t c_leading);

/// Whether bf16_gemm() works here: the processor multiplies bfloat16 and the instruction set in use allows
/// it.
bool multiplies_bf16();

/// c = a · b, or c += it, on all threads; sums are float32.
void bf16_gemm(const GemmShape& shape, const Bf16Operand& a, const Bf16Operand& b, bool add, float* c,
               std::int64_t c_leading);

/// While one lives, BLAS calls use the calling thread alone, so that parallel_for() may make them from every
/// thread: OpenBLAS otherwise keeps threads of its own that would compete. No effect with another BLAS.
class SingleThreadedBlas {
 public:
  SingleThreadedBlas();
  ~SingleThreadedBlas();
  SingleThreadedBlas(const SingleThreadedBlas&) = delete;
  SingleThreadedBlas& operator=(const SingleThreadedBlas&) = delete;
};

}  // namespace conceptune::kernels
