// A frozen linear projection with its adapter, forward and backward on the CPU:
// y = x Wᵀ + bias + s · (dropout(x) Aᵀ) Bᵀ.
//
// Shapes: N rows, I width in, O width out, R rank.
#pragma once

#include <cstdint>
#include <vector>

#include "conceptune/runtime/matrices/matrix_products.h"
#include "conceptune/runtime/matrices/row_slices.h"
#include "conceptune/runtime/model/decoder_weights.h"
#include "conceptune/runtime/model/dropout.h"
#include "conceptune/runtime/model/lora.h"

namespace conceptune::model {

/// What decides dropout in one pass; rate 0 for none.
struct DropoutPlan {
  double rate = 0;
  std::uint64_t seed = 0;
};

/// The projection in one layer. Weights and adapter must outlive it.
class AdaptedLinear {
 public:
  /// The frozen matrix is multiplied as it says, the adapter in float32.
  AdaptedLinear(const LayerWeights& layer, const LoraAdapter* adapter, std::int64_t layer_index,
                Projection projection, const DropoutPlan& dropout);

  std::int64_t in() const { return matrix_->in(); }
  std::int64_t out() const { return matrix_->out(); }
  /// Values in the adapter's two matrices; 0 without one.
  std::int64_t adapter_size() const { return (in() + out()) * rank_; }

  const FrozenMatrix& matrix() const { return *matrix_; }
  /// Whether there is more to it than the frozen matrix.
  bool has_change() const { return bias_O_ || rank_ > 0; }
  /// Adds bias and the adapter's part to y, in the calling thread. x may be null without an adapter.
  void add_change(const float* x_NI, std::int64_t rows, std::int64_t first_row, float* y_NO) const;

 private:
  friend class AdapterBackward;

  /// The adapter's input: x itself, or `kept` filled with x after dropout.
  const float* dropped(const float* x_NI, std::int64_t rows, std::int64_t first_row, float* kept) const;

  const FrozenMatrix* matrix_;
  const float *bias_O_, *a_RI_ = nullptr, *b_OR_ = nullptr;
  std::int64_t rank_ = 0;
  float scaling_ = 0;
  DropoutStream stream_;
  double dropout_rate_;
};

/// Where a projection's result goes: y = it, or y += it.
struct ProjectionOutput {
  const AdaptedLinear* linear;
  bool add;
  float* y_NO;
};

/// The projections of rows x, at least one, on all threads. `first_row` is x's first row's number in the
/// batch. `then`, unless empty, is called for parts of the rows once their results are done.
void project(const ProductRows& x_NI, std::int64_t first_row, const std::vector<ProjectionOutput>& outputs,
             const RowsWork& then = {});

/// The gradient at a projection's result, and what is added to: d_A_RI, then d_B_OR. Where it is given
/// rounded to bfloat16 too, d_y_NO may be null unless the projection has an adapter.
struct ProjectionGradient {
  const AdaptedLinear* linear;
  const float* d_y_NO;
  float* d_adapter;
  const kernels::Bf16* rounded_NO = nullptr;
};

/// d_x = what all d_y give together (or d_x += it; null for none of it), and adds to every d_adapter. x may
/// be null where no projection has an adapter. `then`, unless empty, is called for parts of the rows once
/// their d_x is done; it leaves x and d_y as they are.
void project_backward(const float* x_NI, std::int64_t rows, std::int64_t first_row,
                      const std::vector<ProjectionGradient>& gradients, bool add, float* d_x_NI,
                      const RowsWork& then = {});

}  // namespace conceptune::model
