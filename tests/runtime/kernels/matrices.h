// Made-up matrices, and their elements as an operand describes them.
#pragma once

#include <vector>

#include "conceptune/base/random.h"
#include "conceptune/runtime/kernels/gemm.h"

namespace conceptune::kernels::test {

inline std::vector<float> random_values(std::int64_t count, Random& random, double scale = 1) {
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(scale * random.normal());
  return values;
}

inline double element(const Operand& matrix, std::int64_t row, std::int64_t column) {
  return matrix.values[matrix.transposed ? column * matrix.leading + row : row * matrix.leading + column];
}

}  // namespace conceptune::kernels::test
