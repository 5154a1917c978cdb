#include "conceptune/runtime/generation/kv_cache.h"

#include <limits>
#include <numeric>

#include "conceptune/runtime/model/plain_ops.h"

namespace conceptune::generation {
namespace {

/// Attention of T new tokens to P tokens of a prefix, which all may see, and to C tokens of their own, of
/// which the last T are they themselves, causally. M = T · H/G query rows a key/value head.
at::Tensor attend_to_both(const at::Tensor& q_THK, const at::Tensor& prefix_k_PGK,
                          const at::Tensor& prefix_v_PGK, const at::Tensor& own_k_CGK,
                          const at::Tensor& own_v_CGK) {
  const std::int64_t tokens = q_THK.size(0), heads = q_THK.size(1), size = q_THK.size(2);
  const std::int64_t kv_heads = own_k_CGK.size(1), group = heads / kv_heads;
  const std::int64_t prefix = prefix_k_PGK.size(0), own = own_k_CGK.size(0);
  const double scale = 1.0 / std::sqrt(static_cast<double>(size));
  const at::Tensor q_GMK =
      q_THK.view({tokens, kv_heads, group, size}).transpose(0, 1).reshape({kv_heads, tokens * group, size}) *
      scale;
  const at::Tensor to_prefix_GMP = at::matmul(q_GMK, prefix_k_PGK.permute({1, 2, 0})).to(at::kFloat);
  at::Tensor to_own_GMC = at::matmul(q_GMK, own_k_CGK.permute({1, 2, 0})).to(at::kFloat);
  if (tokens > 1) {
    const at::Tensor later_TC =
        at::ones({tokens, own}, q_THK.options().dtype(at::kBool)).triu(/*diagonal=*/own - tokens + 1);
    to_own_GMC =
        to_own_GMC.masked_fill(later_TC.repeat_interleave(group, 0), -std::numeric_limits<float>::infinity());
  }
  const at::Tensor shares = at::softmax(at::cat({to_prefix_GMP, to_own_GMC}, 2), 2).to(q_THK.scalar_type());
  const at::Tensor attended_GMK = at::matmul(shares.slice(2, 0, prefix), prefix_v_PGK.transpose(0, 1)) +
                                  at::matmul(shares.slice(2, prefix), own_v_CGK.transpose(0, 1));
  return attended_GMK.view({kv_heads, tokens, group, size}).transpose(0, 1).reshape({tokens, heads, size});
}

}  // namespace

KvCache::KvCache(const weights::ModelConfig& config)
    : layers_(config.layers), kv_heads_(config.kv_heads), head_size_(config.head_size) {}

void KvCache::begin_continuations(std::vector<std::int32_t> prefix_of, std::vector<std::int64_t> capacity) {
  prefix_of_ = std::move(prefix_of);
  own_length_.assign(prefix_of_.size(), 0);
  own_.reserve(layers_ * prefix_of_.size());
  for (std::int64_t layer = 0; layer < layers_; ++layer)
    for (const std::int64_t rows : capacity)
      own_.push_back({at::empty({rows, kv_heads_, head_size_}), at::empty({rows, kv_heads_, head_size_})});
}

std::int64_t KvCache::prefix_length(std::int32_t continuation) const {
  const std::int32_t prefix = prefix_of_[continuation];
  return prefix < 0 ? 0 : prefix_starts_[prefix + 1] - prefix_starts_[prefix];
}

std::int64_t KvCache::length(std::int32_t continuation) const {
  return prefix_length(continuation) + own_length_[continuation];
}

KvCache::KeysAndValues KvCache::prefix_of(std::int64_t layer, std::int32_t continuation) const {
  const std::int32_t prefix = prefix_of_[continuation];
  if (prefix < 0) return {at::empty({0, kv_heads_, head_size_}), at::empty({0, kv_heads_, head_size_})};
  const std::int64_t begin = prefix_starts_[prefix], end = prefix_starts_[prefix + 1];
  return {prefixes_[layer].k_TGK.slice(0, begin, end), prefixes_[layer].v_TGK.slice(0, begin, end)};
}

KvCache::KeysAndValues& KvCache::own(std::int64_t layer, std::int32_t continuation) {
  return own_[layer * static_cast<std::int64_t>(prefix_of_.size()) + continuation];
}

std::vector<std::int32_t> KvCache::positions(const model::PackedBatch& batch) const {
  std::vector<std::int32_t> positions = batch.positions();
  if (running_prefixes()) return positions;
  for (std::int64_t s = 0; s < batch.sequences(); ++s)
    for (std::int32_t i = batch.starts[s]; i < batch.starts[s + 1]; ++i)
      positions[i] += static_cast<std::int32_t>(length(selected_[s]));
  return positions;
}

at::Tensor KvCache::attend(std::int64_t layer, const model::PackedBatch& batch, const at::Tensor& q_NHK,
                           const at::Tensor& k_NGK, const at::Tensor& v_NGK) {
  if (running_prefixes()) {
    prefix_starts_ = batch.starts;
    prefixes_.push_back({k_NGK, v_NGK});
    return model::plain::causal_attention(q_NHK, k_NGK, v_NGK, batch.starts);
  }
  std::vector<at::Tensor> attended;
  for (std::int64_t s = 0; s < batch.sequences(); ++s) {
    const std::int32_t continuation = selected_[s];
    const std::int64_t seen = own_length_[continuation], tokens = batch.length(s);
    const auto of_sequence = [&](const at::Tensor& x) {
      return x.slice(0, batch.starts[s], batch.starts[s + 1]);
    };
    KeysAndValues& memory = own(layer, continuation);
    memory.k_TGK.slice(0, seen, seen + tokens).copy_(of_sequence(k_NGK));
    memory.v_TGK.slice(0, seen, seen + tokens).copy_(of_sequence(v_NGK));
    const KeysAndValues prefix = prefix_of(layer, continuation);
    attended.push_back(attend_to_both(of_sequence(q_NHK), prefix.k_TGK, prefix.v_TGK,
                                      memory.k_TGK.slice(0, 0, seen + tokens),
                                      memory.v_TGK.slice(0, 0, seen + tokens)));
    if (layer == layers_ - 1) own_length_[continuation] += tokens;
  }
  return at::cat(attended);
}

}  // namespace conceptune::generation
