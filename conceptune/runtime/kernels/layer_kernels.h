// The decoder layer's arithmetic between its matrix products, in the calling thread; one version per
// instruction set, chosen by active_isa().
//
// Shapes: N rows, D width, F MLP width, H query heads, G key/value heads, K head size, T tokens of one
// sequence. All arrays are float32, row-major and dense unless a stride is given.
#pragma once

#include <cstdint>
#include <vector>

#include "conceptune/runtime/kernels/isa.h"

namespace conceptune::kernels {

/// One sequence of a packed batch and the query heads of one key/value head in it. Pointers are to the head's
/// first value at the sequence's first token; strides are distances between tokens.
struct AttentionTask {
  std::int64_t tokens, head_size, query_heads;  // query heads lie head_size apart
  std::int64_t query_stride, key_stride;
  const float *q, *k, *v;
  float* attended;  // as q
  float* log_sums;  // query_heads × tokens: log of each softmax's denominator
  // A token sees the keys before prefix_T (at least 1, or own_T 0) and those from own_T to itself; null: all
  // up to itself.
  const std::int32_t *prefix_T = nullptr, *own_T = nullptr;
};

/// Where the backward pass of a task reads and writes further. d_q, d_k and d_v are overwritten.
struct AttentionGradient {
  const float* d_attended;  // as q
  float *d_q, *d_k, *d_v;   // as q, k, v
};

/// Where the keys and values lie that one text alone has: `count` tokens from `first` on, of which the last
/// `queries` are the batch's new tokens. Each of those sees the keys up to its own.
struct OwnKeys {
  std::int64_t first, count, queries;
};

/// New tokens of texts that begin with the same tokens, and the query heads of one key/value head in them.
/// The texts' new tokens lie one after the other from `q` on. Pointers are to the head's first value; strides
/// are distances between tokens.
struct PrefixAttentionTask {
  std::int64_t head_size, query_heads;  // query heads lie head_size apart
  std::int64_t query_stride, key_stride;
  const float* q;
  float* attended;  // as q
  std::int64_t prefix_length;
  const float *prefix_k, *prefix_v;  // seen by every new token
  const float *own_k, *own_v;        // where OwnKeys::first counts from
  const OwnKeys* texts;
  std::int64_t text_count;
};

/// Memory of one thread that attention reuses between tasks.
using Scratch = std::vector<float>;

/// The functions of one instruction set.
struct LayerKernels {
  /// y = x · scale · weight with scale = 1/√(mean x² + epsilon) of each row, kept in scale_N.
  void (*rms_norm)(const float* x_ND, const float* weight_D, float epsilon, std::int64_t rows,
                   std::int64_t width, float* y_ND, float* scale_N);
  /// Adds to d_x what d_y gives.
  void (*rms_norm_backward)(const float* d_y_ND, const float* x_ND, const float* weight_D,
                            const float* scale_N, std::int64_t rows, std::int64_t width, float* d_x_ND);
  /// Rotates, in place, the pairs (i, i + K/2) of each head by the row's angles; direction −1 undoes it.
  void (*rotate)(float* x_NHK, const float* cos_NP, const float* sin_NP, float direction, std::int64_t rows,
                 std::int64_t heads, std::int64_t head_size);
  /// silu(gate) · up.
  void (*swiglu)(const float* gate, const float* up, std::int64_t count, float* product);
  /// From d_product; d_gate and d_up may be gate and up themselves.
  void (*swiglu_backward)(const float* d_product, const float* gate, const float* up, std::int64_t count,
                          float* d_gate, float* d_up);
  /// Causal attention (Dao et al., "FlashAttention", 2022: blocks of scores, never the whole matrix).
  void (*attention)(const AttentionTask& task, Scratch& scratch);
  /// Its gradients, from what attention() left in `attended` and `log_sums`.
  void (*attention_backward)(const AttentionTask& task, const AttentionGradient& gradient, Scratch& scratch);
  /// Attention to a shared prefix and to each text's own keys, in the same blocks.
  void (*prefix_attention)(const PrefixAttentionTask& task, Scratch& scratch);
};

/// Of the active instruction set.
const LayerKernels& layer_kernels();
const LayerKernels& layer_kernels_of(Isa isa);

namespace plain {
extern const LayerKernels kLayerKernels;
}
namespace avx2 {
extern const LayerKernels kLayerKernels;
}
namespace avx512 {
extern const LayerKernels kLayerKernels;
}

}  // namespace conceptune::kernels
