// Causal attention in blocks of kBlock queries by kBlock keys; part of layer_kernels.inl.
//
// Shapes: B = kBlock, K head size, T tokens.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "conceptune/runtime/kernels/exponential.inl"
#include "conceptune/runtime/kernels/layer_kernels.h"

namespace conceptune::kernels::CONCEPTUNE_ISA_NAMESPACE {
namespace {

constexpr std::int64_t kBlock = 64;
constexpr int kTileRows = 4, kTileVectors = CONCEPTUNE_TILE_VECTORS;
typedef float Vector __attribute__((vector_size(CONCEPTUNE_LANES * 4), aligned(4), may_alias));

float dot(const float* a, const float* b, std::int64_t count) {
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (std::int64_t i = 0; i < count; ++i) sum += a[i] * b[i];
  return sum;
}

/// c += a b for kRows rows and kTileVectors vectors of columns, all sums in registers.
template <int kRows>
void multiply_tile(std::int64_t inner, const float* a, std::int64_t a_stride, const float* b,
                   std::int64_t b_stride, float* c, std::int64_t c_stride) {
  Vector sums[kRows][kTileVectors];
  for (int r = 0; r < kRows; ++r)
    for (int v = 0; v < kTileVectors; ++v)
      sums[r][v] = *reinterpret_cast<const Vector*>(c + r * c_stride + v * CONCEPTUNE_LANES);
  for (std::int64_t k = 0; k < inner; ++k) {
    Vector b_k[kTileVectors];
    for (int v = 0; v < kTileVectors; ++v)
      b_k[v] = *reinterpret_cast<const Vector*>(b + k * b_stride + v * CONCEPTUNE_LANES);
    for (int r = 0; r < kRows; ++r)
      for (int v = 0; v < kTileVectors; ++v) sums[r][v] += a[r * a_stride + k] * b_k[v];
  }
  for (int r = 0; r < kRows; ++r)
    for (int v = 0; v < kTileVectors; ++v)
      *reinterpret_cast<Vector*>(c + r * c_stride + v * CONCEPTUNE_LANES) = sums[r][v];
}

/// c += a b with a rows × inner, b inner × columns.
void multiply_add(std::int64_t rows, std::int64_t columns, std::int64_t inner, const float* a,
                  std::int64_t a_stride, const float* b, std::int64_t b_stride, float* c,
                  std::int64_t c_stride) {
  constexpr std::int64_t kTileColumns = kTileVectors * CONCEPTUNE_LANES;
  std::int64_t column = 0;
  for (; column + kTileColumns <= columns; column += kTileColumns) {
    std::int64_t row = 0;
    for (; row + kTileRows <= rows; row += kTileRows)
      multiply_tile<kTileRows>(inner, a + row * a_stride, a_stride, b + column, b_stride,
                               c + row * c_stride + column, c_stride);
    for (; row < rows; ++row)
      multiply_tile<1>(inner, a + row * a_stride, a_stride, b + column, b_stride, c + row * c_stride + column,
                       c_stride);
  }
  const std::int64_t rest = columns - column;
  for (std::int64_t row = 0; rest > 0 && row < rows; ++row) {
    float* c_row = c + row * c_stride + column;
    for (std::int64_t k = 0; k < inner; ++k)
      for (std::int64_t j = 0; j < rest; ++j)
        c_row[j] += a[row * a_stride + k] * b[k * b_stride + column + j];
  }
}

/// to (columns × kBlock) = the transpose of `from` (rows × columns, rows ≤ kBlock), the rest of each row 0.
void transpose_block(const float* from, std::int64_t stride, std::int64_t rows, std::int64_t columns,
                     float* to) {
  std::fill_n(to, columns * kBlock, 0.0F);
  for (std::int64_t r = 0; r < rows; ++r)
    for (std::int64_t c = 0; c < columns; ++c) to[c * kBlock + r] = from[r * stride + c];
}

/// The tokens of one block.
struct Rows {
  std::int64_t begin, count;
};

Rows block_rows(std::int64_t block, std::int64_t tokens) {
  return {block * kBlock, std::min(kBlock, tokens - block * kBlock)};
}

/// How many keys of the block at `key_begin` the query at `token` may see.
std::int64_t visible_keys(std::int64_t token, std::int64_t key_begin) {
  return std::clamp<std::int64_t>(token - key_begin + 1, 0, kBlock);
}

/// Far below any score, and finite.
constexpr float kHiddenScore = std::numeric_limits<float>::lowest() / 4;

/// Takes keys that the query at `token` does not see out of its row of scores, though they come before it.
void hide_keys(const AttentionTask& task, std::int64_t token, std::int64_t key_begin, float* scores) {
  if (!task.prefix_T) return;
  const std::int64_t begin = std::clamp<std::int64_t>(task.prefix_T[token] - key_begin, 0, kBlock);
  const std::int64_t end = std::clamp<std::int64_t>(task.own_T[token] - key_begin, begin, kBlock);
  std::fill(scores + begin, scores + end, kHiddenScore);
}

/// All blocks of a T × K matrix, each transposed to K × kBlock.
void transpose_blocks(const float* from, const AttentionTask& task, float* to) {
  for (std::int64_t begin = 0; begin < task.tokens; begin += kBlock)
    transpose_block(from + begin * task.key_stride, task.key_stride, std::min(kBlock, task.tokens - begin),
                    task.head_size, to + begin * task.head_size);
}

/// Softmax over keys that come block by block: the weighted sum, the largest score and the weights' sum so
/// far.
struct RunningSoftmax {
  float* sum_BK;
  float largest_B[kBlock], weight_B[kBlock];
};

/// Turns one row of scores into weights and brings the row's earlier sum to their scale.
void absorb_scores(float* scores, std::int64_t visible, float scale, std::int64_t head_size, std::int64_t row,
                   RunningSoftmax& state) {
  float largest = state.largest_B[row];
#pragma omp simd reduction(max : largest)
  for (std::int64_t j = 0; j < visible; ++j)
    largest = scores[j] * scale > largest ? scores[j] * scale : largest;
  const float shrink = exponential(state.largest_B[row] - largest);
  float weight = 0;
#pragma omp simd reduction(+ : weight)
  for (std::int64_t j = 0; j < visible; ++j) {
    scores[j] = exponential(scores[j] * scale - largest);
    weight += scores[j];
  }
  for (std::int64_t j = visible; j < kBlock; ++j) scores[j] = 0;
#pragma omp simd
  for (std::int64_t k = 0; k < head_size; ++k) state.sum_BK[row * head_size + k] *= shrink;
  state.weight_B[row] = state.weight_B[row] * shrink + weight;
  state.largest_B[row] = largest;
}

void attend_block(const AttentionTask& task, std::int64_t head, std::int64_t block,
                  const float* keys_transposed, float* scores_BB, RunningSoftmax& state) {
  const std::int64_t size = task.head_size;
  const Rows queries = block_rows(block, task.tokens);
  const float scale = 1.0F / std::sqrt(static_cast<float>(size));
  const float* q = task.q + head * size + queries.begin * task.query_stride;
  std::fill_n(state.sum_BK, kBlock * size, 0.0F);
  std::fill_n(state.weight_B, kBlock, 0.0F);
  // The first block's shrink is then e to a large negative number, 0.
  std::fill_n(state.largest_B, kBlock, kHiddenScore);
  for (std::int64_t key_block = 0; key_block <= block; ++key_block) {
    const Rows keys = block_rows(key_block, task.tokens);
    std::fill_n(scores_BB, queries.count * kBlock, 0.0F);
    multiply_add(queries.count, kBlock, size, q, task.query_stride, keys_transposed + keys.begin * size,
                 kBlock, scores_BB, kBlock);
    for (std::int64_t i = 0; i < queries.count; ++i) {
      hide_keys(task, queries.begin + i, keys.begin, scores_BB + i * kBlock);
      absorb_scores(scores_BB + i * kBlock, visible_keys(queries.begin + i, keys.begin), scale, size, i,
                    state);
    }
    multiply_add(queries.count, size, keys.count, scores_BB, kBlock, task.v + keys.begin * task.key_stride,
                 task.key_stride, state.sum_BK, size);
  }
  for (std::int64_t i = 0; i < queries.count; ++i) {
    float* out = task.attended + head * size + (queries.begin + i) * task.query_stride;
    for (std::int64_t k = 0; k < size; ++k) out[k] = state.sum_BK[i * size + k] / state.weight_B[i];
    task.log_sums[head * task.tokens + queries.begin + i] = state.largest_B[i] + std::log(state.weight_B[i]);
  }
}

void attention(const AttentionTask& task, Scratch& scratch) {
  const std::int64_t blocks = (task.tokens + kBlock - 1) / kBlock;
  const std::int64_t transposed = blocks * kBlock * task.head_size;
  scratch.resize(transposed + kBlock * kBlock + kBlock * task.head_size);
  float* keys_transposed = scratch.data();
  float* scores_BB = keys_transposed + transposed;
  RunningSoftmax state;
  state.sum_BK = scores_BB + kBlock * kBlock;
  transpose_blocks(task.k, task, keys_transposed);
  for (std::int64_t head = 0; head < task.query_heads; ++head)
    for (std::int64_t block = 0; block < blocks; ++block)
      attend_block(task, head, block, keys_transposed, scores_BB, state);
}

/// What the backward pass of one task works in.
struct BackwardScratch {
  float *keys_transposed, *values_transposed;  // T × K each
  float *shares_BB, *d_scores_BB, *transposed_BB;
};

/// One block of queries by one block of keys: adds to d_q, d_k and d_v. With P the softmax's shares and
/// D = Σ d_attended · attended of each query: d_scores = P ∘ (d_attended Vᵀ − D) · scale.
void backward_block(const AttentionTask& task, const AttentionGradient& gradient, std::int64_t head,
                    const Rows& queries, const Rows& keys, const float* products_B,
                    const BackwardScratch& scratch) {
  const std::int64_t size = task.head_size, q_stride = task.query_stride, k_stride = task.key_stride;
  const float scale = 1.0F / std::sqrt(static_cast<float>(size));
  const std::int64_t q_offset = head * size + queries.begin * q_stride, k_offset = keys.begin * k_stride;
  const float* log_sums = task.log_sums + head * task.tokens + queries.begin;
  std::fill_n(scratch.shares_BB, queries.count * kBlock, 0.0F);
  std::fill_n(scratch.d_scores_BB, queries.count * kBlock, 0.0F);
  multiply_add(queries.count, kBlock, size, task.q + q_offset, q_stride,
               scratch.keys_transposed + keys.begin * size, kBlock, scratch.shares_BB, kBlock);
  multiply_add(queries.count, kBlock, size, gradient.d_attended + q_offset, q_stride,
               scratch.values_transposed + keys.begin * size, kBlock, scratch.d_scores_BB, kBlock);
  for (std::int64_t i = 0; i < queries.count; ++i) {
    float *shares = scratch.shares_BB + i * kBlock, *d_scores = scratch.d_scores_BB + i * kBlock;
    const std::int64_t visible = visible_keys(queries.begin + i, keys.begin);
    hide_keys(task, queries.begin + i, keys.begin, shares);
#pragma omp simd
    for (std::int64_t j = 0; j < visible; ++j) {
      shares[j] = exponential(shares[j] * scale - log_sums[i]);
      d_scores[j] = shares[j] * (d_scores[j] - products_B[i]) * scale;
    }
    for (std::int64_t j = visible; j < kBlock; ++j) shares[j] = d_scores[j] = 0;
  }
  multiply_add(queries.count, size, keys.count, scratch.d_scores_BB, kBlock, task.k + k_offset, k_stride,
               gradient.d_q + q_offset, q_stride);
  transpose_block(scratch.shares_BB, kBlock, queries.count, kBlock, scratch.transposed_BB);
  multiply_add(keys.count, size, queries.count, scratch.transposed_BB, kBlock, gradient.d_attended + q_offset,
               q_stride, gradient.d_v + k_offset, k_stride);
  transpose_block(scratch.d_scores_BB, kBlock, queries.count, kBlock, scratch.transposed_BB);
  multiply_add(keys.count, size, queries.count, scratch.transposed_BB, kBlock, task.q + q_offset, q_stride,
               gradient.d_k + k_offset, k_stride);
}

void clear_gradients(const AttentionTask& task, const AttentionGradient& gradient) {
  for (std::int64_t t = 0; t < task.tokens; ++t) {
    std::fill_n(gradient.d_q + t * task.query_stride, task.query_heads * task.head_size, 0.0F);
    std::fill_n(gradient.d_k + t * task.key_stride, task.head_size, 0.0F);
    std::fill_n(gradient.d_v + t * task.key_stride, task.head_size, 0.0F);
  }
}

void attention_backward(const AttentionTask& task, const AttentionGradient& gradient, Scratch& scratch) {
  const std::int64_t blocks = (task.tokens + kBlock - 1) / kBlock, size = task.head_size;
  const std::int64_t transposed = blocks * kBlock * size;
  scratch.resize(2 * transposed + 3 * kBlock * kBlock);
  float* next = scratch.data();
  const BackwardScratch parts = {next, next + transposed, next + 2 * transposed,
                                 next + 2 * transposed + kBlock * kBlock,
                                 next + 2 * transposed + 2 * kBlock * kBlock};
  transpose_blocks(task.k, task, parts.keys_transposed);
  transpose_blocks(task.v, task, parts.values_transposed);
  clear_gradients(task, gradient);
  for (std::int64_t head = 0; head < task.query_heads; ++head) {
    for (std::int64_t block = 0; block < blocks; ++block) {
      const Rows queries = block_rows(block, task.tokens);
      float products_B[kBlock];
      for (std::int64_t i = 0; i < queries.count; ++i) {
        const std::int64_t offset = head * size + (queries.begin + i) * task.query_stride;
        products_B[i] = dot(gradient.d_attended + offset, task.attended + offset, size);
      }
      for (std::int64_t key_block = 0; key_block <= block; ++key_block)
        backward_block(task, gradient, head, queries, block_rows(key_block, task.tokens), products_B, parts);
    }
  }
}

}  // namespace
}  // namespace conceptune::kernels::CONCEPTUNE_ISA_NAMESPACE
