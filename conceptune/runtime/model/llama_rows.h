// The row order of queries and keys in llama.cpp's files of the architecture llama.
#pragma once

#include <cstdint>

#include "conceptune/runtime/matrices/matrix.h"

namespace conceptune::model {

/// Rows (a vector's values) as llama.cpp's conversion leaves them: the two halves of every head alternate.
/// `head_size` is even and divides their number.
Matrix interleaved(const Matrix& weight, std::int64_t head_size);

}  // namespace conceptune::model
