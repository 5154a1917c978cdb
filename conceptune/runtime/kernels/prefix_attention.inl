// Attention of new tokens to keys that are there already, some of them shared by several texts; part of
// layer_kernels.inl.
//
// Shapes: B = kBlock, K head size. A query row is one query head of one token.
#pragma once

#include "conceptune/runtime/kernels/attention.inl"

namespace conceptune::kernels::CONCEPTUNE_ISA_NAMESPACE {
namespace {

/// Fewer query rows are multiplied with each key as it lies; for more, the keys are transposed first.
constexpr std::int64_t kFewRows = 8;

/// Keys and values, kBlock of them or fewer; `transposed` (K × kBlock) is null for few query rows.
struct KeyBlock {
  const float *k, *v, *transposed;
  std::int64_t count;
};

/// Query rows, scaled, with the softmax over the keys that they have seen so far.
struct QueryBlock {
  std::int64_t count;
  float *q_BK, *scores_BB;
  RunningSoftmax state;
  std::int64_t visible_B[kBlock];  // keys of the next block that each row may see
};

/// All blocks of `count` keys, each transposed to K × kBlock; null where too few query rows want them.
const float* transpose_for(std::int64_t query_rows, const PrefixAttentionTask& task, const float* keys,
                           std::int64_t count, float* to) {
  if (query_rows < kFewRows) return nullptr;
  for (std::int64_t begin = 0; begin < count; begin += kBlock)
    transpose_block(keys + begin * task.key_stride, task.key_stride, std::min(kBlock, count - begin),
                    task.head_size, to + begin * task.head_size);
  return to;
}

KeyBlock key_block(const PrefixAttentionTask& task, const float* k, const float* v, const float* transposed,
                   std::int64_t begin, std::int64_t count) {
  return {k + begin * task.key_stride, v + begin * task.key_stride,
          transposed ? transposed + begin * task.head_size : nullptr, std::min(kBlock, count - begin)};
}

/// The block's rows [begin, end) see one block of keys.
void absorb_keys(const PrefixAttentionTask& task, const KeyBlock& keys, std::int64_t begin, std::int64_t end,
                 QueryBlock& block) {
  const std::int64_t size = task.head_size, rows = end - begin;
  const float* q = block.q_BK + begin * size;
  float* scores = block.scores_BB + begin * kBlock;
  if (keys.transposed) {
    std::fill_n(scores, rows * kBlock, 0.0F);
    multiply_add(rows, kBlock, size, q, size, keys.transposed, kBlock, scores, kBlock);
  } else {
    for (std::int64_t j = 0; j < keys.count; ++j)
      for (std::int64_t r = 0; r < rows; ++r)
        scores[r * kBlock + j] = dot(q + r * size, keys.k + j * task.key_stride, size);
  }
  for (std::int64_t r = begin; r < end; ++r)
    absorb_scores(block.scores_BB + r * kBlock, block.visible_B[r], 1.0F, size, r, block.state);
  multiply_add(rows, size, keys.count, scores, kBlock, keys.v, task.key_stride,
               block.state.sum_BK + begin * size, size);
}

/// Query head `row` of the task, counted over its tokens.
std::int64_t query_offset(const PrefixAttentionTask& task, std::int64_t row) {
  return row / task.query_heads * task.query_stride + row % task.query_heads * task.head_size;
}

void begin_block(const PrefixAttentionTask& task, std::int64_t first_row, std::int64_t rows,
                 QueryBlock& block) {
  const std::int64_t size = task.head_size;
  const float scale = 1.0F / std::sqrt(static_cast<float>(size));
  block.count = std::min(kBlock, rows - first_row);
  for (std::int64_t r = 0; r < block.count; ++r) {
    const float* q = task.q + query_offset(task, first_row + r);
    for (std::int64_t k = 0; k < size; ++k) block.q_BK[r * size + k] = q[k] * scale;
  }
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

void absorb_prefix(const PrefixAttentionTask& task, const float* transposed, QueryBlock& block) {
  for (std::int64_t begin = 0; begin < task.prefix_length; begin += kBlock) {
    const KeyBlock keys =
        key_block(task, task.prefix_k, task.prefix_v, transposed, begin, task.prefix_length);
    std::fill_n(block.visible_B, block.count, keys.count);
    absorb_keys(task, keys, 0, block.count, block);
  }
}

/// The block's rows [begin, end) are one text's rows from `row_of_text` on.
void absorb_own(const PrefixAttentionTask& task, const OwnKeys& own, const float* transposed,
                std::int64_t row_of_text, std::int64_t begin, std::int64_t end, QueryBlock& block) {
  const float *k = task.own_k + own.first * task.key_stride, *v = task.own_v + own.first * task.key_stride;
  const auto last_key = [&](std::int64_t row) {
    return own.count - own.queries + (row_of_text + row - begin) / task.query_heads;
  };
  for (std::int64_t key = 0; key <= last_key(end - 1); key += kBlock) {
    const KeyBlock keys = key_block(task, k, v, transposed, key, own.count);
    for (std::int64_t r = begin; r < end; ++r) block.visible_B[r] = visible_keys(last_key(r), key);
    absorb_keys(task, keys, begin, end, block);
  }
}

void prefix_attention(const PrefixAttentionTask& task, Scratch& scratch) {
  const auto padded = [&](std::int64_t keys) {
    return (keys + kBlock - 1) / kBlock * kBlock * task.head_size;
  };
  std::int64_t rows = 0, longest = 0;
  for (std::int64_t t = 0; t < task.text_count; ++t) {
    rows += task.texts[t].queries * task.query_heads;
    longest = std::max(longest, task.texts[t].count);
  }
  const std::int64_t block_size = kBlock * task.head_size;
  scratch.resize(padded(task.prefix_length) + padded(longest) + 2 * block_size + kBlock * kBlock);
  QueryBlock block;
  block.q_BK = scratch.data();
  block.state.sum_BK = block.q_BK + block_size;
  block.scores_BB = block.state.sum_BK + block_size;
  float* own_memory = block.scores_BB + kBlock * kBlock;
  const float* prefix =
      transpose_for(rows, task, task.prefix_k, task.prefix_length, own_memory + padded(longest));
  const float* own_transposed = nullptr;
  const OwnKeys* text = task.texts;
  std::int64_t row_of_text = 0;
  for (std::int64_t row = 0; row < rows; row += kBlock) {
    begin_block(task, row, rows, block);
    absorb_prefix(task, prefix, block);
    for (std::int64_t begin = 0; begin < block.count;) {
      const std::int64_t rows_of_text = text->queries * task.query_heads;
      if (row_of_text == 0)
        own_transposed = transpose_for(rows_of_text, task, task.own_k + text->first * task.key_stride,
                                       text->count, own_memory);
      const std::int64_t end = std::min(block.count, begin + rows_of_text - row_of_text);
      absorb_own(task, *text, own_transposed, row_of_text, begin, end, block);
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
