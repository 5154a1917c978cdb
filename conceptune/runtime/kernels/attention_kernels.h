// Attention in blocks of queries by keys, in the calling thread; one version per instruction set, and one
// whose products are of bfloat16 numbers.
//
// Shapes: K head size, T tokens of one sequence. All arrays are float32; strides are distances between
// tokens.
#pragma once

#include <cstdint>
#include <vector>

#include "conceptune/runtime/kernels/isa.h"

namespace conceptune::kernels {

/// One sequence of a packed batch and the query heads of one key/value head in it. Pointers are to the head's
/// first value at the sequence's first token.
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
/// The texts' new tokens lie one after the other from `q` on. Pointers are to the head's first value.
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

struct AttentionKernels {
  /// Causal attention (Dao et al., "FlashAttention", 2022: blocks of scores, never the whole matrix).
  void (*forward)(const AttentionTask& task, Scratch& scratch);
  /// Its gradients, from what forward() left in `attended` and `log_sums`.
  void (*backward)(const AttentionTask& task, const AttentionGradient& gradient, Scratch& scratch);
  /// Attention to a shared prefix and to each text's own keys, in the same blocks.
  void (*to_prefix)(const PrefixAttentionTask& task, Scratch& scratch);
};

/// Of the active instruction set. With `bf16`, for which multiplies_bf16() (gemm.h) must hold, the operands
/// of products (queries, keys, values, the softmax's shares, and the gradients of each) are rounded to
/// bfloat16; softmax and sums are float32 all the same.
const AttentionKernels& attention_kernels(bool bf16);
/// Float32, of one instruction set.
const AttentionKernels& attention_kernels_of(Isa isa);

namespace plain {
extern const AttentionKernels kAttentionKernels;
}
namespace avx2 {
extern const AttentionKernels kAttentionKernels;
}
namespace avx512 {
extern const AttentionKernels kAttentionKernels;
}
namespace avx512bf16 {
/// With bfloat16 products.
extern const AttentionKernels kAttentionKernels;
}  // namespace avx512bf16

}  // namespace conceptune::kernels
