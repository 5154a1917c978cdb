// A matrix that products go through but that does not change: held as a tensor, or as compact as its file
// stores it and expanded a tile at a time.
//
// Shapes: N rows of a batch, I width in, O width out.
#pragma once

#include "conceptune/torch_pch.h"

#include "conceptune/runtime/kernels/conversion.h"
#include "conceptune/runtime/weights/matrix_block.h"

namespace conceptune::model {

/// How float32 numbers are multiplied on the CPU: rounded to bfloat16 first or not. Sums are float32.
enum class ProductType { float32, bfloat16 };

/// bfloat16 where the processor multiplies it (AVX512-BF16, AMX) and the instruction set in use allows it.
ProductType fastest_products();

/// W_OI. Copies share what is held; products may run concurrently and give the same bits for the same number
/// of rows and threads.
class FrozenMatrix {
 public:
  /// How a part is expanded, row after row; called from any thread.
  struct Expand {
    std::function<void(const weights::MatrixBlock& block, float* values)> to_float32;
    std::function<void(const weights::MatrixBlock& block, kernels::Bf16* halves)> to_bf16;
  };

  FrozenMatrix() = default;
  /// Held, of any floating type on any device.
  FrozenMatrix(at::Tensor weight_OI);  // NOLINT(google-explicit-constructor): a tensor is such a matrix
  /// Held nowhere. Parts are asked for whose columns begin and end at multiples of `column_unit`, a power of
  /// two, or at the end.
  FrozenMatrix(std::int64_t out, std::int64_t in, std::int64_t column_unit, Expand expand);

  std::int64_t out() const { return out_; }
  std::int64_t in() const { return in_; }
  /// The tensor where one is held, else undefined.
  const at::Tensor& held() const { return held_OI_; }
  /// How multiply() goes (matrix_products.h); float32 at first.
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
  /// The same of a matrix that is not loaded yet.
  static std::int64_t rows_at_once(std::int64_t out, bool held_as_multiplied, std::int64_t elements);

 private:
  friend class MatrixReader;

  bool is_held_as(const at::Tensor& operand) const;
  /// Whether multiply() reads it where it is held.
  bool is_held_as_multiplied() const;
  /// Whether multiply() serves: float32 operands on the CPU.
  bool runs_on_threads(const at::Tensor& operand) const;
  at::Tensor tile(std::int64_t first, std::int64_t count, const at::TensorOptions& options) const;
  void for_each_tile(const at::TensorOptions& options,
                     const std::function<void(std::int64_t, const at::Tensor&)>& work) const;

  std::int64_t out_ = 0, in_ = 0, column_unit_ = 1;
  at::Tensor held_OI_;
  std::shared_ptr<const Expand> expand_;
  ProductType products_ = ProductType::float32;
};

}  // namespace conceptune::model
