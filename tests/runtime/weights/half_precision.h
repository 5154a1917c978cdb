// Matrices as IEEE 754 half precision holds them.
#pragma once

#include <cstdint>
#include <vector>

#include "conceptune/runtime/kernels/dequantise.h"
#include "conceptune/runtime/weights/half.h"
#include "tests/support/matrices.h"

namespace conceptune::test {

inline model::Matrix in_half_precision(const model::Matrix& matrix) {
  std::vector<std::uint16_t> halves;
  for (const float value : values_of(matrix)) halves.push_back(weights::half_bits(value));
  const model::Matrix values(matrix.rows(), matrix.width());
  kernels::dequantise(kernels::BlockType::f16, halves.data(), halves.size(), values.values());
  return values;
}

}  // namespace conceptune::test
