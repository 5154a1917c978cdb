// The parts of frozen matrices that products are made of, where they are held or expanded into the calling
// thread's memory.
//
// Shapes: I width in, O width out.
#pragma once

#include <cstdint>
#include <type_traits>

#include "conceptune/runtime/kernels/conversion.h"
#include "conceptune/runtime/kernels/gemm.h"
#include "conceptune/runtime/matrices/frozen_matrix.h"

namespace conceptune::model {

using kernels::Bf16;

template <class Number>
using OperandOf = std::conditional_t<std::is_same_v<Number, float>, kernels::Operand, kernels::Bf16Operand>;

/// Numbers [first, first + count) along one dimension.
struct Range {
  std::int64_t first, count;
};

/// Forward products are with Wᵀ, backward ones with W.
enum class Direction { forward, backward };

/// A frozen matrix as the right operand of products, which sum over its rows: I × O forward, O × I backward.
class MatrixReader {
 public:
  MatrixReader(const FrozenMatrix& matrix, Direction direction)
      : matrix_(matrix), transposed_(direction == Direction::forward) {}

  /// Whether parts are not expanded.
  bool is_held_as_multiplied() const { return matrix_.is_held_as_multiplied(); }
  /// What parts of its rows and columns begin at multiples of.
  std::int64_t row_unit() const { return transposed_ ? matrix_.column_unit_ : 1; }
  std::int64_t column_unit() const { return transposed_ ? 1 : matrix_.column_unit_; }
  /// Number is float or Bf16. What is expanded, on all threads where the calling one is not one of many,
  /// stays until that thread asks for the next part.
  template <class Number>
  OperandOf<Number> part(const Range& rows, const Range& columns) const;

 private:
  /// In the calling thread: a few rows of W as columns that lie `leading` apart.
  void expand_columns(const MatrixBlock& strip, float* values, std::int64_t leading) const;
  template <class Number>
  OperandOf<Number> expanded_rows(const MatrixBlock& block) const;
  kernels::Operand expanded_columns(const MatrixBlock& block) const;

  const FrozenMatrix& matrix_;
  bool transposed_;
};

}  // namespace conceptune::model
