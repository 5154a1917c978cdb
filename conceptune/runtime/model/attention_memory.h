// What a batch's tokens attend to when it is more than their own sequences.
//
// Shapes: N tokens of the batch, H query heads, G key/value heads, K head size.
#pragma once

#include "conceptune/torch_pch.h"

#include "conceptune/runtime/model/packed_batch.h"

namespace conceptune::model {

/// E.g. a cache of earlier tokens.
class AttentionMemory {
 public:
  virtual ~AttentionMemory() = default;
  /// Position of every token of the batch in its text.
  virtual std::vector<std::int32_t> positions(const PackedBatch& batch) const = 0;
  /// Attention of one layer: takes the batch's queries, keys and values (rotated), gives attended_NHK.
  /// Called once a layer, in order.
  virtual at::Tensor attend(std::int64_t layer, const PackedBatch& batch, const at::Tensor& q_NHK,
                            const at::Tensor& k_NGK, const at::Tensor& v_NGK) = 0;
};

}  // namespace conceptune::model
