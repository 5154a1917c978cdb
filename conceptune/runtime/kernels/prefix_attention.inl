// Attention of new tokens to keys that are there already, some of them shared by several texts, over the type
// of its products.
//
// Shapes: B = kBlock, K head size. A query row is one query head of one token.
#pragma once

#include "conceptune/runtime/kernels/attention_blocks.inl"
#include "conceptune/runtime/kernels/attention_kernels.h"

namespace conceptune::kernels::CONCEPTUNE_ISA_NAMESPACE {
namespace {

/// Fewer query rows are multiplied with each key as it lies; for more, the keys are transposed first.
constexpr std::int64_t kFewRows = 8;

/// Keys and values in token order. As operands of products, unless few query rows want them.
struct KeyRows {
  const float *k, *v;
  std::int64_t count;
  const float* transposed = nullptr;  // transposed_blocks()
  Right values = {};
};

/// Query rows, scaled, with the softmax over the keys that they have seen so far.
struct QueryBlock {
  std::int64_t count;
  float *q_BK, *scores_BB;
  float *q_along, *shares_along;  // copies
  Left q;
  RunningSoftmax state;
  std::int64_t visible_B[kBlock];  // keys of the next block that each row may see
};

/// Floats that key_rows() takes.
template <class Products>
std::int64_t key_rows_size(std::int64_t count, std::int64_t head_size) {
  return transposed_size<Products>(count, head_size) + Products::across_size(count, head_size);
}

/// `count` keys and values from a key/value head's row `first` on.
template <class Products>
KeyRows key_rows(std::int64_t query_rows, const PrefixAttentionTask& task, const float* k, const float* v,
                 std::int64_t count, Room room) {
  KeyRows keys = {k, v, count};
  if (query_rows < kFewRows) return keys;
  const std::int64_t stride = task.key_stride, size = task.head_size;
  keys.transposed = transposed_blocks<Products>(k, stride, count, size, room);
  keys.values = Products::across(v, stride, count, size, room.take(Products::across_size(count, size)));
  return keys;
}

/// The block's rows [begin, end) see the block of keys that begins at `key`.
template <class Products>
void absorb_keys(const PrefixAttentionTask& task, const KeyRows& keys, std::int64_t key, std::int64_t begin,
                 std::int64_t end, QueryBlock& block) {
  const std::int64_t size = task.head_size, rows = end - begin, count = std::min(kBlock, keys.count - key);
  float *const scores = block.scores_BB + begin * kBlock, *const sums = block.state.sum_BK + begin * size;
  const auto absorb = [&] {
    for (std::int64_t r = begin; r < end; ++r)
      absorb_scores(block.scores_BB + r * kBlock, block.visible_B[r], 1.0F, size, r, block.state);
  };
  if (keys.transposed) {
    multiply<Products, false>(rows, kBlock, units_of<Products>(size), block.q.from(begin, 0),
                              transposed_block<Products>(keys.transposed, key, size), scores, kBlock);
    absorb();
    const Left shares = Products::along(scores, kBlock, rows, kBlock, block.shares_along);
    multiply<Products, true>(rows, size, units_of<Products>(count), shares,
                             keys.values.from(key / Products::kNumbers), sums, size);
    return;
  }
  for (std::int64_t j = 0; j < count; ++j)
    for (std::int64_t r = 0; r < rows; ++r)
      scores[r * kBlock + j] =
          dot(block.q_BK + (begin + r) * size, keys.k + (key + j) * task.key_stride, size);
  absorb();
  multiply<Float32Products, true>(rows, size, count, {scores, kBlock, 1},
                                  {keys.v + key * task.key_stride, task.key_stride}, sums, size);
}

/// Query head `row` of the task, counted over its tokens.
std::int64_t query_offset(const PrefixAttentionTask& task, std::int64_t row) {
  return row / task.query_heads * task.query_stride + row % task.query_heads * task.head_size;
}

template <class Products>
void begin_block(const PrefixAttentionTask& task, std::int64_t first_row, std::int64_t rows,
                 QueryBlock& block) {
  const std::int64_t size = task.head_size;
  const float scale = 1.0F / std::sqrt(static_cast<float>(size));
  block.count = std::min(kBlock, rows - first_row);
  for (std::int64_t r = 0; r < block.count; ++r) {
    const float* q = task.q + query_offset(task, first_row + r);
    for (std::int64_t k = 0; k < size; ++k) block.q_BK[r * size + k] = q[k] * scale;
  }
  block.q = Products::along(block.q_BK, size, block.count, size, block.q_along);
  std::fill_n(block.state.sum_BK, block.count * size, 0.0F);
  std::fill_n(block.state.weight_B, kBlock, 0.0F);
  std::fill_n(block.state.largest_B, kBlock, kHiddenScore);
}

void finish_block(const PrefixAttentionTask& task, std::int64_t first_row, const QueryBlock& block) {
  const std::int64_t size = task.head_size;
  for (std::int64_t r = 0; r < block.count; ++r) {
    float* out = task.attended + query_offset(task, first_row + r);
    for (std::int64_t k = 0; k < size; ++k)
      out[k] = block.state.sum_BK[r * size + k] / block.state.weight_B[r];
  }
}

template <class Products>
void absorb_prefix(const PrefixAttentionTask& task, const KeyRows& prefix, QueryBlock& block) {
  for (std::int64_t key = 0; key < prefix.count; key += kBlock) {
    std::fill_n(block.visible_B, block.count, std::min(kBlock, prefix.count - key));
    absorb_keys<Products>(task, prefix, key, 0, block.count, block);
  }
}

/// The block's rows [begin, end) are one text's rows from `row_of_text` on.
template <class Products>
void absorb_own(const PrefixAttentionTask& task, const OwnKeys& own, const KeyRows& keys,
                std::int64_t row_of_text, std::int64_t begin, std::int64_t end, QueryBlock& block) {
  const auto last_key = [&](std::int64_t row) {
    return own.count - own.queries + (row_of_text + row - begin) / task.query_heads;
  };
  for (std::int64_t key = 0; key <= last_key(end - 1); key += kBlock) {
    for (std::int64_t r = begin; r < end; ++r) block.visible_B[r] = visible_keys(last_key(r), key);
    absorb_keys<Products>(task, keys, key, begin, end, block);
  }
}

struct Extent {
  std::int64_t rows = 0, longest = 0;  // of queries; of keys
};

Extent extent_of(const PrefixAttentionTask& task) {
  Extent extent;
  for (std::int64_t t = 0; t < task.text_count; ++t) {
    extent.rows += task.texts[t].queries * task.query_heads;
    extent.longest = std::max(extent.longest, task.texts[t].count);
  }
  return extent;
}

template <class Products>
void prefix_attention(const PrefixAttentionTask& task, Scratch& memory) {
  const std::int64_t size = task.head_size, block_size = kBlock * size;
  const Extent extent = extent_of(task);
  const std::int64_t q_along = Products::along_size(kBlock, size),
                     shares_along = Products::along_size(kBlock, kBlock),
                     prefix_size = key_rows_size<Products>(task.prefix_length, size);
  memory.resize(prefix_size + key_rows_size<Products>(extent.longest, size) + 2 * block_size +
                kBlock * kBlock + q_along + shares_along);
  Room room(memory.data());
  QueryBlock block;
  block.q_BK = room.take(block_size);
  block.state.sum_BK = room.take(block_size);
  block.scores_BB = room.take(kBlock * kBlock);
  block.q_along = room.take(q_along);
  block.shares_along = room.take(shares_along);
  const KeyRows prefix = key_rows<Products>(extent.rows, task, task.prefix_k, task.prefix_v,
                                            task.prefix_length, Room(room.take(prefix_size)));
  KeyRows own = {};
  const OwnKeys* text = task.texts;
  std::int64_t row_of_text = 0;
  for (std::int64_t row = 0; row < extent.rows; row += kBlock) {
    begin_block<Products>(task, row, extent.rows, block);
    absorb_prefix<Products>(task, prefix, block);
    for (std::int64_t begin = 0; begin < block.count;) {
      const std::int64_t rows_of_text = text->queries * task.query_heads,
                         offset = text->first * task.key_stride;
      if (row_of_text == 0)
        own = key_rows<Products>(rows_of_text, task, task.own_k + offset, task.own_v + offset, text->count,
                                 room);
      const std::int64_t end = std::min(block.count, begin + rows_of_text - row_of_text);
      absorb_own<Products>(task, *text, own, row_of_text, begin, end, block);
      row_of_text += end - begin;
      begin = end;
      if (row_of_text < rows_of_text) continue;
      ++text;
      row_of_text = 0;
    }
    finish_block(task, row, block);
  }
}

}  // namespace
}  // namespace conceptune::kernels::CONCEPTUNE_ISA_NAMESPACE
