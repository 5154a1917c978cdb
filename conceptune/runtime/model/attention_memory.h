// What a batch's tokens attend to when it is more than their own sequences.
//
// Shapes: N tokens of the batch, E = H · K for H query heads of size K, J = G · K for G key/value heads.
#pragma once

#include <cstdint>
#include <vector>

#include "conceptune/runtime/matrices/matrix.h"
#include "conceptune/runtime/model/packed_batch.h"

namespace conceptune::model {

/// E.g. a cache of earlier tokens.
class AttentionMemory {
 public:
  virtual ~AttentionMemory() = default;
  /// Position of every token of the batch in its text.
  virtual std::vector<std::int32_t> positions(const PackedBatch& batch) const = 0;
  /// Attention of one layer: takes the batch's queries, keys and values (rotated), gives attended_NE.
  /// Called once a layer, in order.
  virtual Matrix attend(std::int64_t layer, const PackedBatch& batch, const Matrix& q_NE, const Matrix& k_NJ,
                        const Matrix& v_NJ) = 0;
};

}  // namespace conceptune::model
