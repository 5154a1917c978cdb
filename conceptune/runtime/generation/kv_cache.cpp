#include "conceptune/runtime/generation/kv_cache.h"

#include <limits>

#include "conceptune/runtime/kernels/parallel.h"

namespace conceptune::generation {
namespace {

/// Attention of T new tokens to P tokens of a prefix, which all may see, and to C tokens of their own, of
/// which the last T are they themselves, causally. M = T · H/G query rows a key/value head.
at::Tensor attend_to_both(const at::Tensor& q_THK, const at::Tensor& prefix_k_GPK,
                          const at::Tensor& prefix_v_GPK, const at::Tensor& own_k_GCK,
                          const at::Tensor& own_v_GCK) {
  const std::int64_t tokens = q_THK.size(0), heads = q_THK.size(1), size = q_THK.size(2);
  const std::int64_t kv_heads = own_k_GCK.size(0), group = heads / kv_heads;
  const std::int64_t prefix = prefix_k_GPK.size(1), own = own_k_GCK.size(1);
  const double scale = 1.0 / std::sqrt(static_cast<double>(size));
  const at::Tensor q_GMK =
      q_THK.view({tokens, kv_heads, group, size}).transpose(0, 1).reshape({kv_heads, tokens * group, size}) *
      scale;
  const at::Tensor to_prefix_GMP = at::matmul(q_GMK, prefix_k_GPK.transpose(1, 2)).to(at::kFloat);
  at::Tensor to_own_GMC = at::matmul(q_GMK, own_k_GCK.transpose(1, 2)).to(at::kFloat);
  if (tokens > 1) {
    const at::Tensor later_TC =
        at::ones({tokens, own}, q_THK.options().dtype(at::kBool)).triu(/*diagonal=*/own - tokens + 1);
    to_own_GMC =
        to_own_GMC.masked_fill(later_TC.repeat_interleave(group, 0), -std::numeric_limits<float>::infinity());
  }
  const at::Tensor shares = at::softmax(at::cat({to_prefix_GMP, to_own_GMC}, 2), 2).to(q_THK.scalar_type());
  const at::Tensor attended_GMK =
      at::matmul(shares.slice(2, 0, prefix), prefix_v_GPK) + at::matmul(shares.slice(2, prefix), own_v_GCK);
  return attended_GMK.view({kv_heads, tokens, group, size}).transpose(0, 1).reshape({tokens, heads, size});
}

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
      fused_(decoder.runs_fused()),
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

void KvCache::remember(Layer& layer, const model::PackedBatch& batch, const at::Tensor& k_NGK,
                       const at::Tensor& v_NGK) const {
  if (!layer.own.k_GTK.defined())
    for (at::Tensor* room : {&layer.own.k_GTK, &layer.own.v_GTK})
      *room = at::empty({kv_heads_, own_begin_.back(), head_size_}, k_NGK.options());
  std::vector<std::int64_t> rows;
  for (std::int64_t s = 0; s < batch.sequences(); ++s) {
    const std::int64_t begin = own_begin_[selected_[s]] + own_length_[selected_[s]];
    for (std::int64_t i = 0; i < batch.length(s); ++i) rows.push_back(begin + i);
  }
  const at::Tensor rows_N = at::tensor(rows, at::kLong).to(k_NGK.device());
  layer.own.k_GTK.index_copy_(1, rows_N, k_NGK.transpose(0, 1));
  layer.own.v_GTK.index_copy_(1, rows_N, v_NGK.transpose(0, 1));
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

at::Tensor KvCache::attend_by_torch(const Layer& layer, const model::PackedBatch& batch,
                                    const at::Tensor& q_NHK) const {
  const KeysAndValues& own = running_prefixes() ? layer.prefixes : layer.own;
  std::vector<at::Tensor> attended;
  std::int64_t s = 0;
  for (const Sight& sight : sights(batch)) {
    const auto of_prefix = [&](const at::Tensor& x_GTK) {
      return x_GTK.defined() ? x_GTK.narrow(1, sight.prefix_begin, sight.prefix_tokens)
                             : own.k_GTK.narrow(1, 0, 0);
    };
    attended.push_back(attend_to_both(q_NHK.slice(0, batch.starts[s], batch.starts[s + 1]),
                                      of_prefix(layer.prefixes.k_GTK), of_prefix(layer.prefixes.v_GTK),
                                      own.k_GTK.narrow(1, sight.own.first, sight.own.count),
                                      own.v_GTK.narrow(1, sight.own.first, sight.own.count)));
    ++s;
  }
  return at::cat(attended);
}

at::Tensor KvCache::attend_by_kernels(const Layer& layer, const model::PackedBatch& batch,
                                      const at::Tensor& q_NHK) const {
  const std::int64_t query_heads = heads_ / kv_heads_, query_stride = heads_ * head_size_;
  const KeysAndValues& own = running_prefixes() ? layer.prefixes : layer.own;
  const auto of_head = [&](const at::Tensor& x_GTK, std::int64_t head, std::int64_t row) {
    return x_GTK.defined() ? x_GTK.data_ptr<float>() + (head * x_GTK.size(1) + row) * head_size_ : nullptr;
  };
  Tasks tasks(batch.size(), query_heads, kv_heads_);
  for (const Sight& sight : sights(batch)) tasks.add(sight.prefix_begin, sight.prefix_tokens, sight.own);
  const at::Tensor attended_NHK = at::empty_like(q_NHK);
  const auto groups = static_cast<std::int64_t>(tasks.groups().size());
  const kernels::AttentionKernels& attention =
      kernels::attention_kernels(products_ == model::ProductType::bfloat16);
  kernels::parallel_for(groups * kv_heads_, [&](std::int64_t i) {
    static thread_local kernels::Scratch memory;
    const Group& group = tasks.groups()[i / kv_heads_];
    const std::int64_t head = i % kv_heads_;
    const std::int64_t query = group.row * query_stride + head * query_heads * head_size_;
    const kernels::PrefixAttentionTask task = {
        .head_size = head_size_,
        .query_heads = query_heads,
        .query_stride = query_stride,
        .key_stride = head_size_,
        .q = q_NHK.data_ptr<float>() + query,
        .attended = attended_NHK.data_ptr<float>() + query,
        .prefix_length = group.prefix_tokens,
        .prefix_k = of_head(layer.prefixes.k_GTK, head, group.prefix_begin),
        .prefix_v = of_head(layer.prefixes.v_GTK, head, group.prefix_begin),
        .own_k = of_head(own.k_GTK, head, 0),
        .own_v = of_head(own.v_GTK, head, 0),
        .texts = tasks.pieces_of(group),
        .text_count = static_cast<std::int64_t>(group.count)};
    attention.to_prefix(task, memory);
  });
  return attended_NHK;
}

at::Tensor KvCache::attend(std::int64_t index, const model::PackedBatch& batch, const at::Tensor& q_NHK,
                           const at::Tensor& k_NGK, const at::Tensor& v_NGK) {
  const auto as_kept = [&](const at::Tensor& x) { return fused_ ? x.to(at::kFloat).contiguous() : x; };
  Layer& layer = layers_[index];
  if (running_prefixes()) {
    prefix_starts_ = batch.starts;
    const auto by_head = [&](const at::Tensor& x_NGK) { return as_kept(x_NGK.transpose(0, 1)); };
    layer.prefixes = {by_head(k_NGK), by_head(v_NGK)};
  } else {
    remember(layer, batch, as_kept(k_NGK), as_kept(v_NGK));
  }
  const at::Tensor attended_NHK =
      fused_ ? attend_by_kernels(layer, batch, as_kept(q_NHK)).to(q_NHK.scalar_type())
             : attend_by_torch(layer, batch, q_NHK);
  const bool is_last = index + 1 == static_cast<std::int64_t>(layers_.size());
  for (std::int64_t s = 0; is_last && !running_prefixes() && s < batch.sequences(); ++s)
    own_length_[selected_[s]] += batch.length(s);
  return attended_NHK;
}

}  // namespace conceptune::generation
