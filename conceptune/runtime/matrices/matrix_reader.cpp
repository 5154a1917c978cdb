#include "conceptune/runtime/matrices/matrix_reader.h"

#include <algorithm>

#include "conceptune/runtime/kernels/layer_kernels.h"
#include "conceptune/runtime/kernels/profile.h"
#include "conceptune/runtime/matrices/reused_memory.h"
#include "conceptune/runtime/matrices/row_slices.h"

namespace conceptune::model {

using kernels::Operand;
using kernels::ProfileScope;

namespace {

/// The calling thread's: what is expanded, and rows on the way there.
template <class Number>
thread_local ReusedMemory<Number> part_memory;
thread_local ReusedMemory<float> rows_memory;

/// Rows of W that are transposed at once.
constexpr std::int64_t kStrip = 16;

}  // namespace

template <class Number>
OperandOf<Number> MatrixReader::part(const Range& rows, const Range& columns) const {
  constexpr bool kFloat = std::is_same_v<Number, float>;
  const Range &out = transposed_ ? columns : rows, &in = transposed_ ? rows : columns;
  if (const MatrixOf<Number>& held = matrix_.held<Number>(); held.is_there())
    return {held.row(out.first) + in.first, matrix_.in_, transposed_};
  const ProfileScope scope("expanding weights");
  const MatrixBlock block = {out.first, out.count, in.first, in.count};
  // Products of float32 are faster with a right operand that lies row after row; of bfloat16 they are not.
  if constexpr (kFloat)
    if (transposed_) return expanded_columns(block);
  return expanded_rows<Number>(block);
}

template <class Number>
OperandOf<Number> MatrixReader::expanded_rows(const MatrixBlock& block) const {
  Number* const values = part_memory<Number>.take(block.rows * block.columns);
  share_rows(block.rows, block.columns, [&](std::int64_t begin, std::int64_t count) {
    matrix_.expand({block.first_row + begin, count, block.first_column, block.columns},
                   values + begin * block.columns);
  });
  return {values, block.columns, transposed_};
}

Operand MatrixReader::expanded_columns(const MatrixBlock& block) const {
  const std::int64_t strips = (block.rows + kStrip - 1) / kStrip, leading = strips * kStrip;
  float* const values = part_memory<float>.take(leading * block.columns);
  share_rows(strips, kStrip * block.columns, [&](std::int64_t begin, std::int64_t count) {
    for (std::int64_t row = begin * kStrip; row < (begin + count) * kStrip; row += kStrip)
      expand_columns(
          {block.first_row + row, std::min(kStrip, block.rows - row), block.first_column, block.columns},
          values + row, leading);
  });
  return {values, leading};
}

void MatrixReader::expand_columns(const MatrixBlock& strip, float* values, std::int64_t leading) const {
  // 16 KB of them at once stay in the core's nearest cache.
  const std::int64_t at_once = std::max<std::int64_t>(256, matrix_.column_unit_);
  for (std::int64_t done = 0; done < strip.columns; done += at_once) {
    const std::int64_t columns = std::min(at_once, strip.columns - done);
    float* const rows = rows_memory.take(kStrip * columns);
    matrix_.expand({strip.first_row, strip.rows, strip.first_column + done, columns}, rows);
    kernels::layer_kernels().transpose(rows, strip.rows, columns, values + done * leading, leading);
  }
}

template OperandOf<float> MatrixReader::part<float>(const Range& rows, const Range& columns) const;
template OperandOf<Bf16> MatrixReader::part<Bf16>(const Range& rows, const Range& columns) const;

}  // namespace conceptune::model
