// A decoder layer on the CPU: its matrix products by libraries, everything between them by our kernels in
// float32, and a backward pass written by hand that goes through the frozen weights once.
//
// Shapes: N tokens of the batch, D width.
#pragma once

#include "conceptune/runtime/model/attention_block.h"
#include "conceptune/runtime/model/mlp_block.h"

namespace conceptune::model {

/// What a layer's forward pass leaves for its backward pass.
struct LayerActivations {
  AttentionActivations attention;
  MlpActivations mlp;

  /// Lets go of what DecoderLayer::recompute() makes again from the input and what attention gave.
  void drop_recomputable();
};

/// One layer of one pass.
class DecoderLayer {
 public:
  /// `workspace` is the calling thread's; both must outlive this.
  DecoderLayer(const LayerPass& pass, std::int64_t index, LayerWorkspace& workspace)
      : context_(pass, index, workspace) {}
  DecoderLayer(const DecoderLayer&) = delete;
  DecoderLayer& operator=(const DecoderLayer&) = delete;

  /// Values of the layer's adapters: those of A and B, by projection.
  std::int64_t adapter_size() const { return context_.adapter_size(); }
  /// The output for the input in `a`, where everything that the backward pass reads is left.
  Matrix forward(LayerActivations& a) const;
  /// Makes again, to the bit, what was let go: the forward pass without attention and the last projection.
  void recompute(LayerActivations& a) const;
  /// The gradient at the input, or no matrix unless that is `wanted`; adds to d_adapter, of adapter_size().
  Matrix backward(const LayerActivations& a, const float* d_out_ND, bool wanted, float* d_adapter) const;

 private:
  /// Calls work(slice, normed) with the MLP's normed rows, made from attention's result, for each slice.
  void enter_mlp(const LayerActivations& a,
                 const std::function<void(const Slice&, const Rows& normed)>& work) const;

  LayerContext context_;
  AttentionBlock attention_{context_};
  MlpBlock mlp_{context_};
};

}  // namespace conceptune::model
