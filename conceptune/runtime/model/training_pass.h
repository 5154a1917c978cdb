// A forward pass with an adapter that can be taken back: layer by layer from the last to the first.
//
// Shapes: N tokens of the batch, D width.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "conceptune/runtime/model/decoder.h"
#include "conceptune/runtime/model/decoder_layer.h"

namespace conceptune::model {

struct TrainingPassOptions {
  /// Of this pass's dropout: the same seed gives the same masks. None: nothing is dropped.
  std::optional<std::uint64_t> dropout_seed = {};
  /// Keep little of a layer for the backward pass and compute the rest again (Chen et al., "Training Deep
  /// Nets with Sublinear Memory Cost", 2016); the same bits.
  bool recompute = false;
};

class TrainingPass {
 public:
  /// Runs the batch. Decoder, which our kernels run, and adapter must outlive this, the adapter's numbers as
  /// they are. Throws InputError for a batch that check_batch() refuses.
  TrainingPass(const Decoder& decoder, const PackedBatch& batch, const LoraAdapter& adapter,
               const TrainingPassOptions& options = {});
  TrainingPass(const TrainingPass&) = delete;
  TrainingPass& operator=(const TrainingPass&) = delete;

  /// After the final norm.
  const Matrix& hidden_ND() const { return hidden_ND_; }

  /// Adds the gradient of every adapter matrix, one after the other in the order of
  /// LoraAdapter::parameters(). At most once: what the pass kept is used up.
  void backward(const Matrix& d_hidden_ND, std::span<float> gradient);

 private:
  /// Where the gradients of a layer's adapter begin.
  std::int64_t first_value_of(std::int64_t layer) const;
  Matrix norm_backward(const Matrix& d_hidden_ND) const;
  Matrix layer_backward(std::int64_t index, const Matrix& d_out_ND, std::span<float> gradient);

  const Decoder& decoder_;
  const LoraAdapter& adapter_;
  bool recompute_;
  LayerPass pass_;
  std::int64_t first_adapted_;  // layer; those before it keep nothing
  std::vector<LayerActivations> activations_;
  Matrix last_ND_, last_scale_N_;  // before the final norm
  Matrix hidden_ND_;
};

}  // namespace conceptune::model
