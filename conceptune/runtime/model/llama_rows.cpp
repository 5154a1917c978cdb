#include "conceptune/runtime/model/llama_rows.h"

#include <algorithm>

namespace conceptune::model {

Matrix interleaved(const Matrix& weight, std::int64_t head_size) {
  const bool is_vector = weight.rows() == 1;
  const std::int64_t rows = is_vector ? weight.width() : weight.rows(),
                     width = is_vector ? 1 : weight.width();
  Matrix alternating(weight.rows(), weight.width());
  for (std::int64_t row = 0; row < rows; ++row) {
    const std::int64_t in_head = row % head_size, half = in_head / (head_size / 2),
                       pair = in_head % (head_size / 2);
    std::copy_n(weight.values() + row * width, width,
                alternating.values() + (row - in_head + 2 * pair + half) * width);
  }
  return alternating;
}

}  // namespace conceptune::model
