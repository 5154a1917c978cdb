// The dense layers for AVX-512.
#include "conceptune/runtime/kernels/dense.inl"

namespace conceptune::kernels::avx512 {
namespace {

struct Version {
  using Vector [[gnu::vector_size(64), gnu::aligned(4), gnu::may_alias]] = float;
  static constexpr int kMaxoutRows = 8;  // with three pieces, as many sums as the registers hold
  static constexpr int kLinearRows = 8;
};

}  // namespace

const DenseTable kDense = DenseKernels<Version>::kTable;

}  // namespace conceptune::kernels::avx512
