// The versions of the dense layers, one table per instruction set; dense.cpp chooses.
#pragma once

#include <cstddef>

namespace conceptune::kernels {

/// Weights of one layer as the kernels want them: [group][input][piece][lane], lanes being kDenseGroup
/// outputs, and bias [group][piece][lane].
struct DenseWeights {
  const float* packed;
  const float* bias;
  std::size_t inputs, groups;
};

struct DenseRows {
  const float* input;
  std::size_t stride;
  std::size_t count;
};

struct NormWeights {
  const float* gain;
  const float* shift;
};

struct DenseTable {
  void (*linear)(const DenseWeights&, const DenseRows&, float* output);
  void (*maxout_norm)(const DenseWeights&, const NormWeights&, const DenseRows&, const float* residual,
                      float* output);
};

namespace plain {
extern const DenseTable kDense;
}
namespace avx2 {
extern const DenseTable kDense;
}
namespace avx512 {
extern const DenseTable kDense;
}

}  // namespace conceptune::kernels
