// The dense layers for any processor: four lanes, which every 64-bit one has.
#include "conceptune/runtime/kernels/dense.inl"

namespace conceptune::kernels::plain {
namespace {

struct Version {
  using Vector [[gnu::vector_size(16), gnu::aligned(4), gnu::may_alias]] = float;
  static constexpr int kMaxoutRows = 3;  // with three pieces, as many sums as the registers hold
  static constexpr int kLinearRows = 8;
};

}  // namespace

const DenseTable kDense = DenseKernels<Version>::kTable;

}  // namespace conceptune::kernels::plain
