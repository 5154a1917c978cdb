// A matrix that products go through but that does not change: held in float32 or bfloat16, or as compact as
// its file stores it and expanded a tile at a time.
//
// Shapes: N rows of a batch, I width in, O width out.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "conceptune/runtime/kernels/conversion.h"
#include "conceptune/runtime/matrices/matrix.h"
#include "conceptune/runtime/matrices/matrix_block.h"

namespace conceptune::model {

/// How float32 numbers are multiplied: rounded to bfloat16 first or not. Sums are float32.
enum class ProductType { float32, bfloat16 };

/// bfloat16 where the processor multiplies it (AVX512-BF16, AMX) and the instruction set in use allows it.
ProductType fastest_products();

/// W_OI. Copies share what is held; products may run concurrently and give the same bits for the same number
/// of rows and threads.
class FrozenMatrix {
 public:
  /// How a part is expanded, row after row; called from any thread.
  struct Expand {
    std::function<void(const MatrixBlock& block, float* values)> to_float32;
    std::function<void(const MatrixBlock& block, kernels::Bf16* halves)> to_bf16;
  };

  FrozenMatrix() = default;
  /// Held.
  FrozenMatrix(Matrix weight_OI);      // NOLINT(google-explicit-constructor): a matrix is such a one
  FrozenMatrix(Bf16Matrix weight_OI);  // NOLINT(google-explicit-constructor)
  /// Held nowhere. Parts are asked for whose columns begin and end at multiples of `column_unit`, a power of
  /// two, or at the end.
  FrozenMatrix(std::int64_t out, std::int64_t in, std::int64_t column_unit, Expand expand);

  std::int64_t out() const { return out_; }
  std::int64_t in() const { return in_; }
  /// How multiply() goes (matrix_products.h); float32 at first.
  ProductType products() const { return products_; }
  void set_products(ProductType type) { products_ = type; }
  /// All of it in float32: what is held where that has this type, else made now.
  Matrix whole() const;
  /// The rows chosen, in float32; each id in [0, O).
  Matrix rows(std::span<const std::int32_t> ids_N) const;

  /// x_NI Wᵀ and d_y_NO W, on all threads. A matrix in another form than is multiplied is brought to that
  /// type a tile at a time, so that it is never whole.
  Matrix forward(const Matrix& x_NI) const;
  Matrix backward(const Matrix& d_y_NO) const;
  /// The same into y_NO, which has the shape of the result.
  void forward_into(const Matrix& x_NI, const Matrix& y_NO) const;
  /// How many rows are worth multiplying at once: those for which expanding the matrix is little work beside
  /// the products, but at least what `elements` of a result may hold.
  std::int64_t rows_at_once(std::int64_t elements) const;
  /// The same of a matrix that is not loaded yet.
  static std::int64_t rows_at_once(std::int64_t out, bool held_as_multiplied, std::int64_t elements);

 private:
  friend class MatrixReader;

  template <class Number>
  const MatrixOf<Number>& held() const;
  /// Whether multiply() reads it where it is held.
  bool is_held_as_multiplied() const;
  /// A block of it in float32, row after row, in the calling thread.
  void expand(const MatrixBlock& block, float* values) const;
  /// The same in bfloat16, of one that is not held so.
  void expand(const MatrixBlock& block, kernels::Bf16* halves) const;

  std::int64_t out_ = 0, in_ = 0, column_unit_ = 1;
  Matrix held_OI_;  // at most one of these two
  Bf16Matrix halves_OI_;
  std::shared_ptr<const Expand> expand_;
  ProductType products_ = ProductType::float32;
};

template <>
inline const Matrix& FrozenMatrix::held<float>() const {
  return held_OI_;
}
template <>
inline const Bf16Matrix& FrozenMatrix::held<kernels::Bf16>() const {
  return halves_OI_;
}

}  // namespace conceptune::model
