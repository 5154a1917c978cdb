// What attention in blocks of kBlock queries by kBlock keys is made of: parts of blocks, memory, operands,
// and the softmax over keys that come block by block.
//
// Shapes: B = kBlock, K head size, T tokens.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "conceptune/runtime/kernels/attention_products.inl"
#include "conceptune/runtime/kernels/exponential.inl"

namespace conceptune::kernels::CONCEPTUNE_ISA_NAMESPACE {
namespace {

/// The tokens of one block, or of a part of it.
struct Rows {
  std::int64_t begin, count;
};

Rows block_rows(std::int64_t block, std::int64_t tokens) {
  return {block * kBlock, std::min(kBlock, tokens - block * kBlock)};
}

/// Rows of a block as parts within which products skip the same hidden keys: in a block on the diagonal, row
/// r sees the first r + 1 keys.
constexpr std::int64_t kStrip = 16;

template <class Work>
void for_each_strip(std::int64_t rows, bool diagonal, const Work& work) {
  const std::int64_t size = diagonal ? kStrip : rows;
  for (std::int64_t begin = 0; begin < rows; begin += size) work(Rows{begin, std::min(size, rows - begin)});
}

/// How many keys of the block at `key_begin` the query at `token` may see.
std::int64_t visible_keys(std::int64_t token, std::int64_t key_begin) {
  return std::clamp<std::int64_t>(token - key_begin + 1, 0, kBlock);
}

/// Far below any score, and finite.
constexpr float kHiddenScore = std::numeric_limits<float>::lowest() / 4;

/// Gives out parts of a thread's memory.
class Room {
 public:
  explicit Room(float* begin) : next_(begin) {}
  float* take(std::int64_t floats) {
    next_ += floats;
    return next_ - floats;
  }

 private:
  float* next_;
};

std::int64_t padded(std::int64_t tokens) { return (tokens + kBlock - 1) / kBlock * kBlock; }

/// Floats that transposed_blocks() takes.
template <class Products>
std::int64_t transposed_size(std::int64_t tokens, std::int64_t head_size) {
  return padded(tokens) * units_of<Products>(head_size) + Products::along_size(kBlock, head_size);
}

/// Blocks of kBlock rows of a T × K matrix, each transposed to right operands of K × kBlock.
template <class Products>
const float* transposed_blocks(const float* from, std::int64_t stride, std::int64_t tokens,
                               std::int64_t head_size, Room& room) {
  const std::int64_t units = units_of<Products>(head_size);
  float *const to = room.take(padded(tokens) * units), *const copy =
                                                           room.take(Products::along_size(kBlock, head_size));
  for (std::int64_t begin = 0; begin < tokens; begin += kBlock) {
    const std::int64_t rows = std::min(kBlock, tokens - begin);
    transpose_block(Products::along(from + begin * stride, stride, rows, head_size, copy), rows, units,
                    to + begin * units);
  }
  return to;
}

/// The block that begins at token `begin` in what transposed_blocks() gave.
template <class Products>
Right transposed_block(const float* blocks, std::int64_t begin, std::int64_t head_size) {
  return {blocks + begin * units_of<Products>(head_size), kBlock};
}

/// Softmax over keys that come block by block: the weighted sum, the largest score and the weights' sum so
/// far.
struct RunningSoftmax {
  float* sum_BK;
  float largest_B[kBlock], weight_B[kBlock];
};

/// Hides the scores from `visible` on; returns how many there are to go through, whole vectors of them.
std::int64_t hide_later(float* scores, std::int64_t visible) {
  const std::int64_t count = (visible + kStrip - 1) / kStrip * kStrip;
  std::fill(scores + visible, scores + count, kHiddenScore);
  return count;
}

/// Turns one row of scores into weights and brings the row's earlier sum to their scale. A row's first block
/// has a visible score.
void absorb_scores(float* scores, std::int64_t visible, float scale, std::int64_t head_size, std::int64_t row,
                   RunningSoftmax& state) {
  const std::int64_t count = hide_later(scores, visible);
  Vector highest = vector_at(scores);
  for (std::int64_t j = kLanes; j < count; j += kLanes) {
    const Vector& next = vector_at(scores + j);
    highest = next > highest ? next : highest;
  }
  if (const float largest = largest_of(highest) * scale; largest > state.largest_B[row]) {
    const float shrink = exponential(state.largest_B[row] - largest);
    state.largest_B[row] = largest;
    state.weight_B[row] *= shrink;
#pragma omp simd
    for (std::int64_t k = 0; k < head_size; ++k) state.sum_BK[row * head_size + k] *= shrink;
  }
  const float largest = state.largest_B[row];
#pragma omp simd
  for (std::int64_t j = 0; j < count; ++j) scores[j] = exponential(scores[j] * scale - largest);
  Vector weight = {};
  for (std::int64_t j = 0; j < count; j += kLanes) weight += vector_at(scores + j);
  std::fill(scores + count, scores + kBlock, 0.0F);
  state.weight_B[row] += total(weight);
}

}  // namespace
}  // namespace conceptune::kernels::CONCEPTUNE_ISA_NAMESPACE
