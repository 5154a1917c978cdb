// A rectangle of a matrix.
#pragma once

#include <cstdint>

namespace conceptune::model {

struct MatrixBlock {
  std::int64_t first_row, rows, first_column, columns;
};

}  // namespace conceptune::model
