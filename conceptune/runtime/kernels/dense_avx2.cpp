// The dense layers for AVX2 and FMA.
#include "conceptune/runtime/kernels/dense.inl"

namespace conceptune::kernels::avx2 {
namespace {

struct Version {
  using Vector [[gnu::vector_size(32), gnu::aligned(4), gnu::may_alias]] = float;
  static constexpr int kMaxoutRows = 4;  // with three pieces, as many sums as the registers hold
  static constexpr int kLinearRows = 8;
};

}  // namespace

const DenseTable kDense = DenseKernels<Version>::kTable;

}  // namespace conceptune::kernels::avx2
