// A layer's attention on the CPU: norm, queries, keys and values, rotation, attention, output projection.
// Each step is on all threads, slice by slice of the batch's rows but for attention itself.
//
// Shapes: N tokens of the batch, D width, E = H · K for H query heads of size K, J = G · K for G key/value
// heads.
#pragma once

#include "conceptune/runtime/matrices/matrix.h"
#include "conceptune/runtime/matrices/row_slices.h"
#include "conceptune/runtime/model/layer_context.h"

namespace conceptune::kernels {
struct AttentionKernels;
struct AttentionTask;
}  // namespace conceptune::kernels

namespace conceptune::model {

/// What the forward pass leaves for the backward pass.
struct AttentionActivations {
  Matrix in_ND, in_scale_N;       // the layer's input; of its norm
  Matrix q_NE, k_NJ, v_NJ;        // rotated
  Matrix raw_q_NE, raw_k_NJ;      // before their norms, where the family has them
  Matrix q_scale_NH, k_scale_NG;  // of those norms
  Matrix attended_NE, log_sums_NH;

  /// Lets go of what AttentionBlock::recompute() makes again from the input.
  void drop_recomputable();
};

/// Gradients at attention's result and at its rotated queries, keys and values.
struct HeadGradients {
  Matrix d_attended_NE, d_q_NE, d_k_NJ, d_v_NJ;
};

class AttentionBlock {
 public:
  explicit AttentionBlock(const LayerContext& layer) : layer_(layer) {}

  /// From the input to what attention gives.
  void forward(AttentionActivations& a) const;
  /// Makes again, to the bit, what drop_recomputable() let go: all but attention itself.
  void recompute(AttentionActivations& a) const;
  /// middle = input + output projection, for a slice; `then` follows for parts of its rows.
  void add_output(const AttentionActivations& a, const Slice& slice, const Matrix& middle_ND,
                  const RowsWork& then) const;

  HeadGradients make_gradients() const;
  /// From the gradient at `middle`, of a slice's rows, to that at attention's result.
  void output_backward(const AttentionActivations& a, const Slice& slice, const Rows& d_middle,
                       const HeadGradients& heads, float* d_adapter) const;
  /// From the gradient at attention's result, all slices', to the input's, which is added to d_in unless that
  /// is no matrix. The gradients of queries, keys and values are then those before norm and rotation.
  void backward(const AttentionActivations& a, const HeadGradients& heads, const Matrix& d_in_ND,
                float* d_adapter) const;

 private:
  std::int64_t query_width() const { return layer_.linear(Projection::q).out(); }
  std::int64_t key_width() const { return layer_.linear(Projection::k).out(); }
  RowNorm in_norm() const { return layer_.norm(layer_.weights().attention_norm_D); }
  void allocate_recomputable(AttentionActivations& a) const;
  void project_heads(const AttentionActivations& a, const Slice& slice) const;
  const kernels::AttentionKernels& kernels_of_products() const;
  void attend(AttentionActivations& a) const;
  /// Every sequence and key/value head, with the offsets of its first query and key; longest sequences first,
  /// so that threads end at about the same time.
  void for_each_task(const AttentionActivations& a,
                     const std::function<void(const kernels::AttentionTask&, std::int64_t, std::int64_t,
                                              std::vector<float>&)>& work) const;
  void attend_backward(const AttentionActivations& a, const HeadGradients& heads) const;
  void input_backward(const AttentionActivations& a, const Slice& slice, const HeadGradients& heads,
                      const Matrix& d_in_ND, float* d_adapter) const;

  // In the calling thread; `first` is a row's number in the batch.

  void rotate(float* x, std::int64_t heads, std::int64_t first, std::int64_t count, float direction) const;
  /// Queries or keys from their projection: normed where the family does, rotated.
  void turn_heads(std::int64_t first, std::int64_t count, const Matrix& raw, const Matrix& scale,
                  const RowNorm& norm, const Matrix& out) const;
  /// In place: back through rotation and, where the family has it, norm.
  void turn_heads_back(std::int64_t first, std::int64_t count, const Matrix& raw, const Matrix& scale,
                       const RowNorm& norm, const Matrix& gradient) const;

  const LayerContext& layer_;
};

}  // namespace conceptune::model
