// Causal attention in blocks of kBlock queries by kBlock keys, over the type of its products.
//
// Shapes: B = kBlock, K head size, T tokens.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "conceptune/runtime/kernels/attention_blocks.inl"
#include "conceptune/runtime/kernels/attention_kernels.h"

namespace conceptune::kernels::CONCEPTUNE_ISA_NAMESPACE {
namespace {

/// Takes keys that the query at `token` does not see out of its row of scores, though they come before it.
void hide_keys(const AttentionTask& task, std::int64_t token, std::int64_t key_begin, float* scores) {
  if (!task.prefix_T) return;
  const std::int64_t begin = std::clamp<std::int64_t>(task.prefix_T[token] - key_begin, 0, kBlock);
  const std::int64_t end = std::clamp<std::int64_t>(task.own_T[token] - key_begin, begin, kBlock);
  std::fill(scores + begin, scores + end, kHiddenScore);
}

/// What the forward pass of one task works in.
struct ForwardScratch {
  const float* keys_transposed;
  Right values;
  float *queries, *scores_BB, *shares;
  RunningSoftmax state;
};

/// Scores of a block's queries with a block of keys; hidden ones may be missing.
template <class Products>
void multiply_visible(const Rows& queries, bool diagonal, std::int64_t head_size, const Left& q,
                      const Right& keys_transposed, float* scores_BB) {
  for_each_strip(queries.count, diagonal, [&](const Rows& strip) {
    multiply<Products, false>(strip.count, diagonal ? strip.begin + kStrip : kBlock,
                              units_of<Products>(head_size), q.from(strip.begin, 0), keys_transposed,
                              scores_BB + strip.begin * kBlock, kBlock);
  });
}

/// c += a b of a block's queries, whose shares of hidden keys are 0.
template <class Products>
void add_visible(const Rows& queries, std::int64_t keys, bool diagonal, std::int64_t head_size,
                 const Left& shares, const Right& b, float* c, std::int64_t c_stride) {
  for_each_strip(queries.count, diagonal, [&](const Rows& strip) {
    const std::int64_t visible = diagonal ? std::min(keys, strip.begin + strip.count) : keys;
    multiply<Products, true>(strip.count, head_size, units_of<Products>(visible), shares.from(strip.begin, 0),
                             b, c + strip.begin * c_stride, c_stride);
  });
}

template <class Products>
void attend_block(const AttentionTask& task, std::int64_t head, std::int64_t block, ForwardScratch& scratch) {
  const std::int64_t size = task.head_size;
  const Rows queries = block_rows(block, task.tokens);
  const float scale = 1.0F / std::sqrt(static_cast<float>(size));
  const Left q = Products::along(task.q + head * size + queries.begin * task.query_stride, task.query_stride,
                                 queries.count, size, scratch.queries);
  RunningSoftmax& state = scratch.state;
  std::fill_n(state.sum_BK, kBlock * size, 0.0F);
  std::fill_n(state.weight_B, kBlock, 0.0F);
  // The first block's shrink is then e to a large negative number, 0.
  std::fill_n(state.largest_B, kBlock, kHiddenScore);
  for (std::int64_t key_block = 0; key_block <= block; ++key_block) {
    const Rows keys = block_rows(key_block, task.tokens);
    const bool diagonal = key_block == block;
    multiply_visible<Products>(queries, diagonal, size, q,
                               transposed_block<Products>(scratch.keys_transposed, keys.begin, size),
                               scratch.scores_BB);
    for (std::int64_t i = 0; i < queries.count; ++i) {
      float* const scores = scratch.scores_BB + i * kBlock;
      hide_keys(task, queries.begin + i, keys.begin, scores);
      absorb_scores(scores, visible_keys(queries.begin + i, keys.begin), scale, size, i, state);
    }
    const Left shares = Products::along(scratch.scores_BB, kBlock, queries.count, kBlock, scratch.shares);
    add_visible<Products>(queries, keys.count, diagonal, size, shares,
                          scratch.values.from(keys.begin / Products::kNumbers), state.sum_BK, size);
  }
  for (std::int64_t i = 0; i < queries.count; ++i) {
    float* out = task.attended + head * size + (queries.begin + i) * task.query_stride;
    for (std::int64_t k = 0; k < size; ++k) out[k] = state.sum_BK[i * size + k] / state.weight_B[i];
    task.log_sums[head * task.tokens + queries.begin + i] = state.largest_B[i] + std::log(state.weight_B[i]);
  }
}

template <class Products>
void attention(const AttentionTask& task, Scratch& memory) {
  const std::int64_t tokens = task.tokens, size = task.head_size;
  const std::int64_t values = Products::across_size(tokens, size),
                     queries = Products::along_size(kBlock, size),
                     shares = Products::along_size(kBlock, kBlock);
  memory.resize(transposed_size<Products>(tokens, size) + values + queries + shares + kBlock * kBlock +
                kBlock * size);
  Room room(memory.data());
  ForwardScratch scratch;
  scratch.keys_transposed = transposed_blocks<Products>(task.k, task.key_stride, tokens, size, room);
  scratch.values = Products::across(task.v, task.key_stride, tokens, size, room.take(values));
  scratch.queries = room.take(queries);
  scratch.shares = room.take(shares);
  scratch.scores_BB = room.take(kBlock * kBlock);
  scratch.state.sum_BK = room.take(kBlock * size);
  const std::int64_t blocks = padded(tokens) / kBlock;
  for (std::int64_t head = 0; head < task.query_heads; ++head)
    for (std::int64_t block = 0; block < blocks; ++block) attend_block<Products>(task, head, block, scratch);
}

/// What the backward pass of one task works in. Copies of operands are empty where products need none.
struct BackwardScratch {
  const float *keys_transposed, *values_transposed;
  Right keys;
  float *shares_BB, *d_scores_BB;
  float *q_along, *q_across, *d_along, *d_across;  // of a block's queries and of their d_attended
  float *shares_across, *d_scores_along, *d_scores_across;
};

/// One head's block of queries as operands, with D = Σ d_attended · attended of each query.
struct QueryOperands {
  Rows rows;
  std::int64_t head;
  Left q, d_attended;
  Right q_across, d_attended_across;
  float products_B[kBlock];
};

template <class Products>
QueryOperands query_operands(const AttentionTask& task, const AttentionGradient& gradient, std::int64_t head,
                             std::int64_t block, const BackwardScratch& scratch) {
  const std::int64_t size = task.head_size, stride = task.query_stride;
  QueryOperands operands;
  operands.rows = block_rows(block, task.tokens);
  operands.head = head;
  const std::int64_t offset = head * size + operands.rows.begin * stride, rows = operands.rows.count;
  operands.q = Products::along(task.q + offset, stride, rows, size, scratch.q_along);
  operands.q_across = Products::across(task.q + offset, stride, rows, size, scratch.q_across);
  operands.d_attended = Products::along(gradient.d_attended + offset, stride, rows, size, scratch.d_along);
  operands.d_attended_across =
      Products::across(gradient.d_attended + offset, stride, rows, size, scratch.d_across);
  for (std::int64_t i = 0; i < rows; ++i)
    operands.products_B[i] =
        dot(gradient.d_attended + offset + i * stride, task.attended + offset + i * stride, size);
  return operands;
}

/// From scores to shares, and from d_attended Vᵀ to the scores' gradient. With P the softmax's shares:
/// d_scores = P ∘ (d_attended Vᵀ − D) · scale.
void score_gradients(const AttentionTask& task, const QueryOperands& queries, const Rows& keys,
                     const BackwardScratch& scratch) {
  const float scale = 1.0F / std::sqrt(static_cast<float>(task.head_size));
  const float* log_sums = task.log_sums + queries.head * task.tokens + queries.rows.begin;
  for (std::int64_t i = 0; i < queries.rows.count; ++i) {
    float *shares = scratch.shares_BB + i * kBlock, *d_scores = scratch.d_scores_BB + i * kBlock;
    const std::int64_t visible = visible_keys(queries.rows.begin + i, keys.begin);
    hide_keys(task, queries.rows.begin + i, keys.begin, shares);
    const std::int64_t count = hide_later(shares, visible);
    const float product = queries.products_B[i], log_sum = log_sums[i];
#pragma omp simd
    for (std::int64_t j = 0; j < count; ++j) {
      shares[j] = exponential(shares[j] * scale - log_sum);
      d_scores[j] = shares[j] * (d_scores[j] - product) * scale;
    }
    std::fill(shares + count, shares + kBlock, 0.0F);
    std::fill(d_scores + count, d_scores + kBlock, 0.0F);
  }
}

/// c += aᵀ b for the keys of a block, with a the shares of queries or the gradient of their scores.
template <class Products>
void add_to_keys(const Rows& queries, const Rows& keys, bool diagonal, std::int64_t head_size, const Right& a,
                 const Right& b, float* c, std::int64_t c_stride) {
  for_each_strip(keys.count, diagonal, [&](const Rows& strip) {
    const std::int64_t first = diagonal ? strip.begin : 0;  // earlier queries see none of the strip's keys
    const std::int64_t unit = first / Products::kNumbers;
    multiply<Products, true>(strip.count, head_size, units_of<Products>(queries.count - first),
                             a.transposed().from(strip.begin, unit), b.from(unit), c + strip.begin * c_stride,
                             c_stride);
  });
}

/// One block of queries by one block of keys: adds to d_q, d_k and d_v.
template <class Products>
void backward_block(const AttentionTask& task, const AttentionGradient& gradient,
                    const QueryOperands& queries, std::int64_t key_block, const BackwardScratch& scratch) {
  const std::int64_t size = task.head_size, q_stride = task.query_stride, k_stride = task.key_stride;
  const Rows rows = queries.rows, keys = block_rows(key_block, task.tokens);
  const bool diagonal = keys.begin == rows.begin;
  const std::int64_t k_offset = keys.begin * k_stride;
  multiply_visible<Products>(rows, diagonal, size, queries.q,
                             transposed_block<Products>(scratch.keys_transposed, keys.begin, size),
                             scratch.shares_BB);
  multiply_visible<Products>(rows, diagonal, size, queries.d_attended,
                             transposed_block<Products>(scratch.values_transposed, keys.begin, size),
                             scratch.d_scores_BB);
  score_gradients(task, queries, keys, scratch);
  const Left d_scores =
      Products::along(scratch.d_scores_BB, kBlock, rows.count, kBlock, scratch.d_scores_along);
  add_visible<Products>(rows, keys.count, diagonal, size, d_scores,
                        scratch.keys.from(keys.begin / Products::kNumbers),
                        gradient.d_q + queries.head * size + rows.begin * q_stride, q_stride);
  const Right shares_across =
      Products::across(scratch.shares_BB, kBlock, rows.count, kBlock, scratch.shares_across);
  add_to_keys<Products>(rows, keys, diagonal, size, shares_across, queries.d_attended_across,
                        gradient.d_v + k_offset, k_stride);
  const Right d_scores_across =
      Products::across(scratch.d_scores_BB, kBlock, rows.count, kBlock, scratch.d_scores_across);
  add_to_keys<Products>(rows, keys, diagonal, size, d_scores_across, queries.q_across,
                        gradient.d_k + k_offset, k_stride);
}

void clear_gradients(const AttentionTask& task, const AttentionGradient& gradient) {
  for (std::int64_t t = 0; t < task.tokens; ++t) {
    std::fill_n(gradient.d_q + t * task.query_stride, task.query_heads * task.head_size, 0.0F);
    std::fill_n(gradient.d_k + t * task.key_stride, task.head_size, 0.0F);
    std::fill_n(gradient.d_v + t * task.key_stride, task.head_size, 0.0F);
  }
}

template <class Products>
BackwardScratch backward_scratch(const AttentionTask& task, Scratch& memory) {
  const std::int64_t tokens = task.tokens, size = task.head_size;
  const std::int64_t keys = Products::across_size(tokens, size), along = Products::along_size(kBlock, size),
                     across = Products::across_size(kBlock, size), square = kBlock * kBlock,
                     square_along = Products::along_size(kBlock, kBlock),
                     square_across = Products::across_size(kBlock, kBlock);
  memory.resize(2 * transposed_size<Products>(tokens, size) + keys + 2 * (along + across + square) +
                square_along + 2 * square_across);
  Room room(memory.data());
  BackwardScratch scratch;
  scratch.keys_transposed = transposed_blocks<Products>(task.k, task.key_stride, tokens, size, room);
  scratch.values_transposed = transposed_blocks<Products>(task.v, task.key_stride, tokens, size, room);
  scratch.keys = Products::across(task.k, task.key_stride, tokens, size, room.take(keys));
  for (float** part : {&scratch.shares_BB, &scratch.d_scores_BB}) *part = room.take(square);
  for (float** part : {&scratch.q_along, &scratch.d_along}) *part = room.take(along);
  for (float** part : {&scratch.q_across, &scratch.d_across}) *part = room.take(across);
  scratch.d_scores_along = room.take(square_along);
  for (float** part : {&scratch.shares_across, &scratch.d_scores_across}) *part = room.take(square_across);
  return scratch;
}

template <class Products>
void attention_backward(const AttentionTask& task, const AttentionGradient& gradient, Scratch& memory) {
  const BackwardScratch scratch = backward_scratch<Products>(task, memory);
  clear_gradients(task, gradient);
  const std::int64_t blocks = padded(task.tokens) / kBlock;
  for (std::int64_t head = 0; head < task.query_heads; ++head)
    for (std::int64_t block = 0; block < blocks; ++block) {
      const QueryOperands queries = query_operands<Products>(task, gradient, head, block, scratch);
      for (std::int64_t key_block = 0; key_block <= block; ++key_block)
        backward_block<Products>(task, gradient, queries, key_block, scratch);
    }
}

}  // namespace
}  // namespace conceptune::kernels::CONCEPTUNE_ISA_NAMESPACE
