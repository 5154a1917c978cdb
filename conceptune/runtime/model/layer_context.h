// What the blocks of one decoder layer work with: the pass, the layer's weights and adapter, and memory.
//
// Shapes: N tokens of the batch, D width.
#pragma once

#include <functional>
#include <initializer_list>
#include <vector>

#include "conceptune/runtime/matrices/matrix_pool.h"
#include "conceptune/runtime/model/adapted_linear.h"
#include "conceptune/runtime/model/attention_memory.h"
#include "conceptune/runtime/model/layer_rows.h"
#include "conceptune/runtime/model/packed_batch.h"
#include "conceptune/runtime/model/rope.h"
#include "conceptune/runtime/model/row_norm.h"

namespace conceptune::model {

/// What the layers of one pass share.
struct LayerPass {
  const weights::ModelConfig* config;
  const DecoderWeights* weights;
  const LoraAdapter* adapter;  // or null
  PackedBatch batch;
  Rotation rotation;
  DropoutPlan dropout;
  AttentionMemory* memory = nullptr;  // only where no gradient is asked for
  Visibility visibility = {};         // the batch's
  MatrixPool pool;
  std::vector<std::int64_t> longest_first = {};  // the batch's sequences
};

class LayerContext {
 public:
  /// `workspace` is the calling thread's; both must outlive this.
  LayerContext(const LayerPass& pass, std::int64_t index, LayerWorkspace& workspace);

  const LayerPass& pass() const { return pass_; }
  const weights::ModelConfig& config() const { return *pass_.config; }
  const LayerWeights& weights() const { return weights_; }
  std::int64_t index() const { return index_; }
  LayerWorkspace& workspace() const { return workspace_; }
  std::int64_t tokens() const { return pass_.batch.size(); }
  /// Of the batch's rows; the widest array of a layer is the feed-forward block's.
  void for_each_slice(const std::function<void(const Slice&)>& work) const;

  const AdaptedLinear& linear(Projection projection) const { return linears_[static_cast<int>(projection)]; }
  /// Of weights that may be no matrix.
  RowNorm norm(const Matrix& weight) const;
  /// Whether the frozen matrices are multiplied in bfloat16.
  bool rounds() const;
  bool adapts_any(std::initializer_list<Projection> projections) const;

  /// Rows that products read in their type and, where `also_float32`, other steps too.
  Rows rows_in(RowMemory& memory, std::int64_t rows, std::int64_t width, bool also_float32) const;
  /// Memory for numbers in bfloat16; null where products are in float32.
  kernels::Bf16* rounded_in(RowMemory& memory, std::int64_t size) const;
  /// Memory for what only adapters of `readers` read again; null where these have none.
  float* rows_for_adapters(std::initializer_list<Projection> readers, RowMemory& memory,
                           std::int64_t size) const;

  /// Values of all the layer's adapters.
  std::int64_t adapter_size() const;
  /// Of rows of one projection, as project_backward() takes it; `d_adapter` is of all adapters, by
  /// projection.
  ProjectionGradient gradient_of(Projection projection, const Rows& d_y, float* d_adapter) const;

 private:
  const LayerPass& pass_;
  std::int64_t index_;
  LayerWorkspace& workspace_;
  const LayerWeights& weights_;
  std::vector<AdaptedLinear> linears_;
};

}  // namespace conceptune::model
