// Numbers of one type in rows, one row after the other.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <utility>

#include "conceptune/runtime/kernels/conversion.h"

namespace conceptune::model {

/// A handle: copies share the numbers, which live as long as one of them does.
template <class Number>
class MatrixOf {
 public:
  /// No matrix.
  MatrixOf() = default;
  /// Of its own memory, from a cache line's begin on; its contents are undefined.
  MatrixOf(std::int64_t rows, std::int64_t width)
      : MatrixOf(static_cast<Number*>(::operator new(bytes_of(rows* width), kLine)), rows, width) {}
  /// Over memory that `owner` keeps.
  MatrixOf(Number* values, std::int64_t rows, std::int64_t width, std::shared_ptr<const void> owner)
      : owner_(std::move(owner)), values_(values), rows_(rows), width_(width) {}

  bool is_there() const { return owner_ != nullptr; }
  std::int64_t rows() const { return rows_; }
  std::int64_t width() const { return width_; }
  std::int64_t size() const { return rows_ * width_; }
  /// Null for no matrix.
  Number* values() const { return values_; }
  Number* row(std::int64_t index) const { return values_ + index * width_; }

 private:
  static constexpr std::align_val_t kLine{64};
  static std::size_t bytes_of(std::int64_t count) { return static_cast<std::size_t>(count) * sizeof(Number); }

  MatrixOf(Number* memory, std::int64_t rows, std::int64_t width)
      : MatrixOf(memory, rows, width, std::shared_ptr<const void>(memory, [](void* values) {
                   ::operator delete(values, kLine);
                 })) {}

  std::shared_ptr<const void> owner_;
  Number* values_ = nullptr;
  std::int64_t rows_ = 0, width_ = 0;
};

using Matrix = MatrixOf<float>;
using Bf16Matrix = MatrixOf<kernels::Bf16>;

/// Rows [first, first + count), which share the matrix's numbers.
template <class Number>
MatrixOf<Number> rows_of(const MatrixOf<Number>& matrix, std::int64_t first, std::int64_t count) {
  return {matrix.row(first), count, matrix.width(), std::make_shared<const MatrixOf<Number>>(matrix)};
}

/// A copy of the rows chosen, in their order; each in [0, rows()).
template <class Number>
MatrixOf<Number> rows_of(const MatrixOf<Number>& matrix, std::span<const std::int64_t> rows) {
  MatrixOf<Number> chosen(std::ssize(rows), matrix.width());
  for (std::int64_t i = 0; i < chosen.rows(); ++i)
    std::copy_n(matrix.row(rows[static_cast<std::size_t>(i)]), matrix.width(), chosen.row(i));
  return chosen;
}

}  // namespace conceptune::model
