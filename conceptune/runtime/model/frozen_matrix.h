// A matrix that products go through but that does not change: held as a tensor, or as compact as its file
// stores it and expanded a tile at a time.
//
// Shapes: N rows of a batch, I width in, O width out.
#pragma once

#include "conceptune/torch_pch.h"

namespace conceptune::model {

/// How float32 numbers are multiplied on the CPU: rounded to bfloat16 first or not. Sums are float32.
enum class ProductType { float32, bfloat16 };

/// bfloat16 where the processor multiplies it (AVX512-BF16, AMX) and the instruction set in use allows it.
ProductType fastest_products();

/// W_OI. Copies share what is held; products may run concurrently and give the same bits for the same number
/// of rows and threads.
class FrozenMatrix {
 public:
  /// Expands rows [first, first + count) into `rows`, count × I floats; called from any thread.
  using Expand = std::function<void(std::int64_t first, std::int64_t count, float* rows)>;

  FrozenMatrix() = default;
  /// Held, of any floating type on any device.
  FrozenMatrix(at::Tensor weight_OI);  // NOLINT(google-explicit-constructor): a tensor is such a matrix
  /// Held nowhere.
  FrozenMatrix(std::int64_t out, std::int64_t in, Expand expand);

  std::int64_t out() const { return out_; }
  std::int64_t in() const { return in_; }
  /// The tensor where one is held, else undefined.
  const at::Tensor& held() const { return held_OI_; }
  /// How MatrixProducts go; float32 at first.
  ProductType products() const { return products_; }
  void set_products(ProductType type) { products_ = type; }
  /// All of it in the type asked for: what is held where that has this type, else made now.
  at::Tensor whole(at::ScalarType type) const;
  /// The rows chosen, in the type asked for; ids_N is int32 on the CPU, each in [0, O).
  at::Tensor rows(const at::Tensor& ids_N, at::ScalarType type) const;

  /// x_NI Wᵀ (differentiable) and d_y_NO W, in the operand's type and on its device. A matrix in another form
  /// is brought to that type a tile at a time, so that it is never whole.
  at::Tensor forward(const at::Tensor& x_NI) const;
  at::Tensor backward(const at::Tensor& d_y_NO) const;
  /// The same into y_NO, which has the shape and type of the result.
  void forward_into(const at::Tensor& x_NI, at::Tensor& y_NO) const;
  /// How many rows are worth multiplying at once: those for which expanding the matrix is little work beside
  /// the products, but at least what `elements` of a result may hold.
  std::int64_t rows_at_once(std::int64_t elements) const;

 private:
  friend class MatrixProducts;

  bool is_held_as(const at::Tensor& operand) const;
  /// Whether MatrixProducts read it where it is held.
  bool is_held_as_multiplied() const;
  /// Whether MatrixProducts serves: float32 operands on the CPU.
  bool runs_on_threads(const at::Tensor& operand) const;
  at::Tensor tile(std::int64_t first, std::int64_t count, const at::TensorOptions& options) const;
  void for_each_tile(const at::TensorOptions& options,
                     const std::function<void(std::int64_t, const at::Tensor&)>& work) const;

  std::int64_t out_ = 0, in_ = 0;
  at::Tensor held_OI_;
  std::shared_ptr<const Expand> expand_;
  ProductType products_ = ProductType::float32;
};

/// Rows that forward products read. What is rounded for the first of them serves those that follow.
class ProductRows {
 public:
  /// rows × width numbers, which stay as they are while products read them.
  ProductRows(const float* numbers, std::int64_t rows, std::int64_t width)
      : numbers_(numbers), rows_(rows), width_(width) {}

  const float* float32() const { return numbers_; }
  std::int64_t rows() const { return rows_; }
  /// Until the calling thread rounds other rows.
  const std::uint16_t* bf16() const;

 private:
  const float* numbers_;
  std::int64_t rows_, width_;
  mutable std::uint64_t rounding_ = 0;  // which of the thread's roundings was of these; 0 for none
};

/// The products of the fused layers with a matrix, on the CPU in float32 memory, on all threads.
class MatrixProducts {
 public:
  /// The matrix is float32 or bfloat16 on the CPU, or stored; it must outlive this.
  explicit MatrixProducts(const FrozenMatrix& matrix) : matrix_(matrix) {}

  /// y = x Wᵀ, or y += it.
  void forward(const ProductRows& x_NI, bool add, float* y_NO) const;
  /// d_x = d_y W, or d_x += it.
  void backward(const float* d_y_NO, std::int64_t rows, bool add, float* d_x_NI) const;

 private:
  /// Rows of the matrix that are multiplied at once.
  struct Tile {
    std::int64_t first, count;
  };
  bool in_bf16() const { return matrix_.products_ == ProductType::bfloat16; }
  /// Whether a float32 product reads the matrix where it is held.
  bool held_in_float32() const;
  void for_each_tile(const std::function<void(const Tile&)>& work) const;
  /// The tile in the type that is multiplied: where it is held, or expanded until the next is asked for.
  const float* float32_rows(const Tile& tile) const;
  const std::uint16_t* bf16_rows(const Tile& tile) const;
  /// Rows in float32, in the calling thread.
  void expand(std::int64_t first, std::int64_t count, float* rows) const;
  void forward_of_few_rows(const ProductRows& x_NI, bool add, float* y_NO) const;

  const FrozenMatrix& matrix_;
};

}  // namespace conceptune::model
