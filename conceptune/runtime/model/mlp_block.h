// A layer's MLP on the CPU: norm, gate and up, SwiGLU, down. Each step is on all threads, a slice of the
// batch's rows at a time.
//
// Shapes: N tokens of the batch, D width, F MLP width.
#pragma once

#include "conceptune/runtime/matrices/matrix.h"
#include "conceptune/runtime/matrices/row_slices.h"
#include "conceptune/runtime/model/layer_context.h"

namespace conceptune::model {

/// What the forward pass leaves for the backward pass; all of it can be made again from the layer's input and
/// what attention gave.
struct MlpActivations {
  Matrix middle_ND, middle_scale_N;  // after attention: the block's input; of its norm
  Matrix gate_NF, up_NF;             // in bfloat16 where products are, two numbers in a float's place
};

class MlpBlock {
 public:
  explicit MlpBlock(const LayerContext& layer) : layer_(layer) {}

  void allocate(MlpActivations& m) const;
  /// Where a slice's normed rows go, and the norm of parts of them once `middle` holds them.
  Rows normed_rows(const Slice& slice) const;
  void norm(const MlpActivations& m, const Slice& slice, const Rows& normed, std::int64_t begin,
            std::int64_t count) const;
  /// out = middle + MLP, from a slice's normed rows.
  void forward(const MlpActivations& m, const Slice& slice, const Rows& normed, const Matrix& out_ND) const;
  /// Makes gate and up again, to the bit.
  void recompute(const MlpActivations& m, const Slice& slice, const Rows& normed) const;
  /// From a slice's gradient at the layer's output to that at `middle`: d_middle's rows of the slice, which
  /// are given back, rounded too where products read them so.
  Rows backward(const MlpActivations& m, const Slice& slice, const float* d_out_ND, const Matrix& d_middle_ND,
                float* d_adapter) const;

 private:
  std::int64_t width() const { return layer_.config().width; }
  std::int64_t mlp_width() const { return layer_.config().mlp_width; }
  RowNorm middle_norm() const { return layer_.norm(layer_.weights().mlp_norm_D); }
  /// A slice's gate and up: made in float32, and rounded to what is kept where products are of bfloat16.
  struct GateUp {
    Rows gate, up;
  };
  GateUp made_in(const MlpActivations& m, const Slice& slice) const;
  /// As they are kept.
  GateUp kept_in(const MlpActivations& m, const Slice& slice) const;
  void project(const Slice& slice, const Rows& normed, const GateUp& made, const RowsWork& then) const;
  void keep_rounded(const GateUp& made, std::int64_t begin, std::int64_t count) const;
  void swiglu(const GateUp& made, std::int64_t begin, std::int64_t count, const Rows& product) const;
  void swiglu_backward(const GateUp& kept, std::int64_t begin, std::int64_t count, const float* d_product,
                       const GateUp& d_made) const;
  /// From the gradients of gate and up to that at `middle`.
  Rows input_backward(const MlpActivations& m, const Slice& slice, const GateUp& d_made, const float* d_out,
                      const Matrix& d_middle_ND, float* d_adapter) const;

  const LayerContext& layer_;
};

}  // namespace conceptune::model
