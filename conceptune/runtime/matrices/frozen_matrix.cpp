#include "conceptune/runtime/matrices/frozen_matrix.h"

#include <algorithm>
#include <utility>

#include "conceptune/runtime/kernels/gemm.h"
#include "conceptune/runtime/matrices/matrix_products.h"
#include "conceptune/runtime/matrices/row_slices.h"

namespace conceptune::model {

using kernels::conversion_kernels;

FrozenMatrix::FrozenMatrix(Matrix weight_OI)
    : out_(weight_OI.rows()), in_(weight_OI.width()), held_OI_(std::move(weight_OI)) {}

FrozenMatrix::FrozenMatrix(Bf16Matrix weight_OI)
    : out_(weight_OI.rows()), in_(weight_OI.width()), halves_OI_(std::move(weight_OI)) {}

FrozenMatrix::FrozenMatrix(std::int64_t out, std::int64_t in, std::int64_t column_unit, Expand expand)
    : out_(out),
      in_(in),
      column_unit_(column_unit),
      expand_(std::make_shared<const Expand>(std::move(expand))) {}

void FrozenMatrix::expand(const MatrixBlock& block, float* values) const {
  if (expand_) return expand_->to_float32(block, values);
  for (std::int64_t i = 0; i < block.rows; ++i) {
    const std::int64_t begin = (block.first_row + i) * in_ + block.first_column;
    float* const row = values + i * block.columns;
    if (held_OI_.is_there())
      std::copy_n(held_OI_.values() + begin, block.columns, row);
    else
      conversion_kernels().from_bf16(halves_OI_.values() + begin, block.columns, row);
  }
}

void FrozenMatrix::expand(const MatrixBlock& block, kernels::Bf16* halves) const {
  if (expand_) return expand_->to_bf16(block, halves);
  for (std::int64_t i = 0; i < block.rows; ++i)
    conversion_kernels().to_bf16(held_OI_.row(block.first_row + i) + block.first_column, block.columns,
                                 halves + i * block.columns);
}

Matrix FrozenMatrix::whole() const {
  if (held_OI_.is_there()) return held_OI_;
  const Matrix whole_OI(out_, in_);
  share_rows(out_, in_, [&](std::int64_t begin, std::int64_t count) {
    expand({begin, count, 0, in_}, whole_OI.row(begin));
  });
  return whole_OI;
}

Matrix FrozenMatrix::rows(std::span<const std::int32_t> ids_N) const {
  const Matrix rows_NI(std::ssize(ids_N), in_);
  share_rows(rows_NI.rows(), in_, [&](std::int64_t begin, std::int64_t count) {
    for (std::int64_t n = begin; n < begin + count; ++n)
      expand({ids_N[static_cast<std::size_t>(n)], 1, 0, in_}, rows_NI.row(n));
  });
  return rows_NI;
}

bool FrozenMatrix::is_held_as_multiplied() const {
  return products_ == ProductType::bfloat16 ? halves_OI_.is_there() : held_OI_.is_there();
}

Matrix FrozenMatrix::forward(const Matrix& x_NI) const {
  Matrix y_NO(x_NI.rows(), out_);
  forward_into(x_NI, y_NO);
  return y_NO;
}

void FrozenMatrix::forward_into(const Matrix& x_NI, const Matrix& y_NO) const {
  const kernels::SingleThreadedBlas single_threaded;
  multiply({x_NI.values(), x_NI.rows(), in_}, {{this, false, y_NO.values()}});
}

Matrix FrozenMatrix::backward(const Matrix& d_y_NO) const {
  const kernels::SingleThreadedBlas single_threaded;
  Matrix d_x_NI(d_y_NO.rows(), in_);
  multiply_backward({{this, d_y_NO.values()}}, d_y_NO.rows(), false, d_x_NI.values());
  return d_x_NI;
}

std::int64_t FrozenMatrix::rows_at_once(std::int64_t elements) const {
  return rows_at_once(out_, is_held_as_multiplied(), elements);
}

std::int64_t FrozenMatrix::rows_at_once(std::int64_t out, bool held_as_multiplied, std::int64_t elements) {
  constexpr std::int64_t kWorthExpanding = 256;
  return std::max<std::int64_t>(held_as_multiplied ? 16 : kWorthExpanding,
                                elements / std::max<std::int64_t>(1, out));
}

ProductType fastest_products() {
  return kernels::multiplies_bf16() ? ProductType::bfloat16 : ProductType::float32;
}

}  // namespace conceptune::model
