// A frozen linear projection with its adapter, forward and backward on the CPU:
// y = x Wᵀ + bias + s · (dropout(x) Aᵀ) Bᵀ.
//
// Shapes: N rows, I width in, O width out, R rank.
#pragma once

#include "conceptune/torch_pch.h"

#include "conceptune/runtime/model/decoder_weights.h"
#include "conceptune/runtime/model/dropout.h"
#include "conceptune/runtime/model/lora.h"

namespace conceptune::model {

/// What decides dropout in one pass; rate 0 for none.
struct DropoutPlan {
  double rate = 0;
  std::uint64_t seed = 0;
};

/// The projection in one layer. Weights and adapter must outlive it. Each call works on all threads.
class AdaptedLinear {
 public:
  /// The frozen matrix is multiplied as it says, the adapter in float32.
  AdaptedLinear(const LayerWeights& layer, const LoraAdapter* adapter, std::int64_t layer_index,
                Projection projection, const DropoutPlan& dropout);

  std::int64_t in() const { return in_; }
  std::int64_t out() const { return out_; }
  /// Values in the adapter's two matrices; 0 without one.
  std::int64_t adapter_size() const { return (in_ + out_) * rank_; }

  /// y = the projection of rows x, or y += it. `first_row` is x's first row's number in the batch.
  void forward(const ProductRows& x_NI, std::int64_t first_row, bool add, float* y_NO) const;

  /// d_x = what d_y gives (or d_x += it; null for none of it), and adds to d_adapter: d_A_RI, then d_B_OR.
  void backward(const float* x_NI, const float* d_y_NO, std::int64_t rows, std::int64_t first_row, bool add,
                float* d_x_NI, float* d_adapter) const;

 private:
  /// The adapter's input: x itself, or `kept` filled with x after dropout.
  const float* dropped(const float* x_NI, std::int64_t rows, std::int64_t first_row,
                       std::vector<float>& kept) const;

  MatrixProducts products_;
  const float *bias_O_, *a_RI_ = nullptr, *b_OR_ = nullptr;
  std::int64_t in_, out_, rank_ = 0;
  float scaling_ = 0;
  DropoutStream stream_;
  double dropout_rate_;
};

}  // namespace conceptune::model
