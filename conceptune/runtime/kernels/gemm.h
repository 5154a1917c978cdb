// Matrix products on the BLAS that libtorch uses, in the calling thread or split over all.
//
// All matrices are float32, row-major; a leading dimension is the distance between rows.
#pragma once

#include <cstdint>

namespace conceptune::kernels {

/// A matrix operand: as stored, or the transpose of what is stored.
struct Operand {
  const float* values;
  std::int64_t leading;
  bool transposed = false;
};

struct GemmShape {
  std::int64_t rows, columns, inner;
};

/// c = alpha · a · b + beta · c, with a rows × inner, b inner × columns. With beta 0, c may hold anything.
/// Dimensions fit in 31 bits.
void gemm(const GemmShape& shape, float alpha, const Operand& a, const Operand& b, float beta, float* c,
          std::int64_t c_leading);

/// The same, its columns split over all threads (few rows) or its rows (many).
void parallel_gemm(const GemmShape& shape, float alpha, const Operand& a, const Operand& b, float beta,
                   float* c, std::int64_t c_leading);

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
