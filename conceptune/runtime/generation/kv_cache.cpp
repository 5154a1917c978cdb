#include "conceptune/runtime/generation/kv_cache.h"

#include <algorithm>
#include <numeric>

#include "conceptune/runtime/kernels/parallel.h"
#include "conceptune/runtime/matrices/row_slices.h"

namespace conceptune::generation {
namespace {

/// Texts that one kernel task takes: pieces[first, first + count), whose tokens begin at a row of the batch.
struct Group {
  std::int64_t row, prefix_begin, prefix_tokens;
  std::size_t first, count;
};

/// Divides a batch's sequences into tasks: neighbours that go on from the same tokens share one as long as
/// their query rows fill no more than a block and leave the other threads some; long sequences are split.
class Tasks {
 public:
  Tasks(std::int64_t tokens, std::int64_t query_heads, std::int64_t kv_heads) : query_heads_(query_heads) {
    constexpr std::int64_t kBlock = 64, kTasksOfThread = 4;
    const std::int64_t tasks = std::int64_t{kTasksOfThread} * kernels::thread_count();
    rows_at_once_ = std::min(kBlock, tokens * query_heads * kv_heads / tasks);
  }

  void add(std::int64_t prefix_begin, std::int64_t prefix_tokens, const kernels::OwnKeys& own) {
    constexpr std::int64_t kQueriesAtOnce = 256;
    for (std::int64_t done = 0; done < own.queries;) {
      const std::int64_t queries = std::min(kQueriesAtOnce, own.queries - done);
      done += queries;
      const bool joins = !groups_.empty() && groups_.back().prefix_begin == prefix_begin &&
                         groups_.back().prefix_tokens == prefix_tokens &&
                         (rows_of_group_ + queries) * query_heads_ <= rows_at_once_;
      if (!joins) {
        groups_.push_back({row_, prefix_begin, prefix_tokens, pieces_.size(), 0});
        rows_of_group_ = 0;
      }
      pieces_.push_back({own.first, own.count - own.queries + done, queries});
      ++groups_.back().count;
      rows_of_group_ += queries;
      row_ += queries;
    }
  }

  const std::vector<Group>& groups() const { return groups_; }
  const kernels::OwnKeys* pieces_of(const Group& group) const { return pieces_.data() + group.first; }

 private:
  std::int64_t query_heads_, rows_at_once_, row_ = 0, rows_of_group_ = 0;
  std::vector<Group> groups_;
  std::vector<kernels::OwnKeys> pieces_;
};

}  // namespace

KvCache::KvCache(const model::Decoder& decoder)
    : heads_(decoder.config().heads),
      kv_heads_(decoder.config().kv_heads),
      head_size_(decoder.config().head_size),
      products_(decoder.products()),
      layers_(decoder.config().layers) {}

void KvCache::begin_continuations(std::vector<Continuation> continuations) {
  continuations_ = std::move(continuations);
  own_length_.assign(continuations_.size(), 0);
  own_begin_ = {0};
  for (const Continuation& continuation : continuations_)
    own_begin_.push_back(own_begin_.back() + continuation.capacity);
  for (Layer& layer : layers_) layer.own = {};
}

std::int64_t KvCache::length(std::int32_t continuation) const {
  return continuations_[continuation].prefix_tokens + own_length_[continuation];
}

std::vector<std::int32_t> KvCache::positions(const model::PackedBatch& batch) const {
  std::vector<std::int32_t> positions = batch.positions();
  if (running_prefixes()) return positions;
  for (std::int64_t s = 0; s < batch.sequences(); ++s)
    for (std::int32_t i = batch.starts[s]; i < batch.starts[s + 1]; ++i)
      positions[i] += static_cast<std::int32_t>(length(selected_[s]));
  return positions;
}

KvCache::KeysAndValues KvCache::make_room(std::int64_t tokens) const {
  return {model::Matrix(kv_heads_ * tokens, head_size_), model::Matrix(kv_heads_ * tokens, head_size_),
          tokens};
}

void KvCache::remember(const KeysAndValues& kept, const std::vector<std::int64_t>& row_N,
                       const model::Matrix& k_NJ, const model::Matrix& v_NJ) const {
  model::share_rows(k_NJ.rows(), k_NJ.width(), [&](std::int64_t begin, std::int64_t count) {
    for (std::int64_t n = begin; n < begin + count; ++n)
      for (std::int64_t head = 0; head < kv_heads_; ++head) {
        const std::int64_t row = head * kept.tokens + row_N[static_cast<std::size_t>(n)];
        std::copy_n(k_NJ.row(n) + head * head_size_, head_size_, kept.k.row(row));
        std::copy_n(v_NJ.row(n) + head * head_size_, head_size_, kept.v.row(row));
      }
  });
}

std::vector<std::int64_t> KvCache::own_rows(const model::PackedBatch& batch) const {
  std::vector<std::int64_t> rows;
  for (std::int64_t s = 0; s < batch.sequences(); ++s) {
    const std::int64_t begin = own_begin_[selected_[s]] + own_length_[selected_[s]];
    for (std::int64_t i = 0; i < batch.length(s); ++i) rows.push_back(begin + i);
  }
  return rows;
}

std::vector<KvCache::Sight> KvCache::sights(const model::PackedBatch& batch) const {
  std::vector<Sight> sights;
  for (std::int64_t s = 0; s < batch.sequences(); ++s) {
    const std::int64_t tokens = batch.length(s);
    if (running_prefixes()) {
      sights.push_back({0, 0, {batch.starts[s], tokens, tokens}});
      continue;
    }
    const std::int32_t c = selected_[s];
    const std::int64_t prefix_begin =
        continuations_[c].prefix < 0 ? 0 : prefix_starts_[continuations_[c].prefix];
    sights.push_back(
        {prefix_begin, continuations_[c].prefix_tokens, {own_begin_[c], own_length_[c] + tokens, tokens}});
  }
  return sights;
}

model::Matrix KvCache::attend_to(const Layer& layer, const model::PackedBatch& batch,
                                 const model::Matrix& q_NE) const {
  const std::int64_t query_heads = heads_ / kv_heads_, query_stride = heads_ * head_size_;
  const KeysAndValues& own = running_prefixes() ? layer.prefixes : layer.own;
  const auto of_head = [&](const model::Matrix& x, std::int64_t tokens, std::int64_t head, std::int64_t row) {
    return x.is_there() ? x.row(head * tokens + row) : nullptr;
  };
  Tasks tasks(batch.size(), query_heads, kv_heads_);
  for (const Sight& sight : sights(batch)) tasks.add(sight.prefix_begin, sight.prefix_tokens, sight.own);
  model::Matrix attended_NE(q_NE.rows(), q_NE.width());
  const kernels::AttentionKernels& attention =
      kernels::attention_kernels(products_ == model::ProductType::bfloat16);
  kernels::parallel_for(std::ssize(tasks.groups()) * kv_heads_, [&](std::int64_t i) {
    static thread_local kernels::Scratch memory;
    const Group& group = tasks.groups()[i / kv_heads_];
    const std::int64_t head = i % kv_heads_;
    const std::int64_t query = group.row * query_stride + head * query_heads * head_size_;
    const kernels::PrefixAttentionTask task = {
        .head_size = head_size_,
        .query_heads = query_heads,
        .query_stride = query_stride,
        .key_stride = head_size_,
        .q = q_NE.values() + query,
        .attended = attended_NE.values() + query,
        .prefix_length = group.prefix_tokens,
        .prefix_k = of_head(layer.prefixes.k, layer.prefixes.tokens, head, group.prefix_begin),
        .prefix_v = of_head(layer.prefixes.v, layer.prefixes.tokens, head, group.prefix_begin),
        .own_k = of_head(own.k, own.tokens, head, 0),
        .own_v = of_head(own.v, own.tokens, head, 0),
        .texts = tasks.pieces_of(group),
        .text_count = static_cast<std::int64_t>(group.count)};
    attention.to_prefix(task, memory);
  });
  return attended_NE;
}

model::Matrix KvCache::attend(std::int64_t index, const model::PackedBatch& batch, const model::Matrix& q_NE,
                              const model::Matrix& k_NJ, const model::Matrix& v_NJ) {
  Layer& layer = layers_[index];
  if (running_prefixes()) {
    prefix_starts_ = batch.starts;
    std::vector<std::int64_t> rows(static_cast<std::size_t>(batch.size()));
    std::iota(rows.begin(), rows.end(), 0);
    layer.prefixes = make_room(batch.size());
    remember(layer.prefixes, rows, k_NJ, v_NJ);
  } else {
    if (!layer.own.k.is_there()) layer.own = make_room(own_begin_.back());
    remember(layer.own, own_rows(batch), k_NJ, v_NJ);
  }
  model::Matrix attended_NE = attend_to(layer, batch, q_NE);
  const bool is_last = index + 1 == static_cast<std::int64_t>(layers_.size());
  for (std::int64_t s = 0; is_last && !running_prefixes() && s < batch.sequences(); ++s)
    own_length_[selected_[s]] += batch.length(s);
  return attended_NE;
}

}  // namespace conceptune::generation
