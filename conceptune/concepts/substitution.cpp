// Shapes: N tokens of the text, S substitutes, C of them at one place, P tokens before it; H query heads, G
// key/value heads, K head size, M = C · H/G query rows a key/value head.
#include "conceptune/concepts/substitution.h"

#include <cmath>
#include <vector>

#include "conceptune/runtime/model/plain_ops.h"

namespace conceptune::concepts {
namespace {

/// Attention of C tokens, each to P tokens before all of them and to itself, but not to one another.
at::Tensor attend_before_and_self(const at::Tensor& q_CHK, const at::Tensor& k_CGK, const at::Tensor& v_CGK,
                                  const at::Tensor& before_k_PGK, const at::Tensor& before_v_PGK) {
  const std::int64_t tokens = q_CHK.size(0), heads = q_CHK.size(1), size = q_CHK.size(2);
  const std::int64_t kv_heads = k_CGK.size(1), group = heads / kv_heads, before = before_k_PGK.size(0);
  const double scale = 1.0 / std::sqrt(static_cast<double>(size));
  const auto by_head = [&](const at::Tensor& x_CHK) {
    return x_CHK.view({tokens, kv_heads, group, size})
        .transpose(0, 1)
        .reshape({kv_heads, tokens * group, size});
  };
  const auto repeated = [&](const at::Tensor& x_CGK) { return by_head(x_CGK.repeat_interleave(group, 1)); };
  const at::Tensor q_GMK = by_head(q_CHK) * scale;
  const at::Tensor to_before_GMP = at::matmul(q_GMK, before_k_PGK.permute({1, 2, 0})).to(at::kFloat);
  const at::Tensor to_self_GM1 = (q_GMK * repeated(k_CGK)).sum(2, true).to(at::kFloat);
  const at::Tensor shares = at::softmax(at::cat({to_before_GMP, to_self_GM1}, 2), 2).to(q_CHK.scalar_type());
  const at::Tensor attended_GMK = at::matmul(shares.slice(2, 0, before), before_v_PGK.transpose(0, 1)) +
                                  shares.slice(2, before) * repeated(v_CGK);
  return attended_GMK.view({kv_heads, tokens, group, size}).transpose(0, 1).reshape({tokens, heads, size});
}

/// Keeps the text's keys and values in a first pass; in a second one substitutes attend to them.
class TextMemory : public model::AttentionMemory {
 public:
  void begin_substitutes(std::span<const Substitute> substitutes) { substitutes_ = substitutes; }

  std::vector<std::int32_t> positions(const model::PackedBatch& batch) const override {
    if (substitutes_.empty()) return batch.positions();
    std::vector<std::int32_t> positions;
    for (const auto& substitute : substitutes_) positions.push_back(substitute.position);
    return positions;
  }

  at::Tensor attend(std::int64_t layer, const model::PackedBatch& batch, const at::Tensor& q_NHK,
                    const at::Tensor& k_NGK, const at::Tensor& v_NGK) override {
    if (substitutes_.empty()) {
      keys_.push_back(k_NGK);
      values_.push_back(v_NGK);
      return model::plain::causal_attention(q_NHK, k_NGK, v_NGK, batch.starts);
    }
    const auto index = static_cast<std::size_t>(layer);
    std::vector<at::Tensor> attended;
    for (std::size_t begin = 0; begin < substitutes_.size();) {
      const std::int32_t position = substitutes_[begin].position;
      std::size_t end = begin;
      while (end < substitutes_.size() && substitutes_[end].position == position) ++end;
      const auto of_place = [&](const at::Tensor& x) {
        return x.slice(0, static_cast<std::int64_t>(begin), static_cast<std::int64_t>(end)).contiguous();
      };
      attended.push_back(attend_before_and_self(of_place(q_NHK), of_place(k_NGK), of_place(v_NGK),
                                                keys_[index].slice(0, 0, position),
                                                values_[index].slice(0, 0, position)));
      begin = end;
    }
    return at::cat(attended);
  }

 private:
  std::span<const Substitute> substitutes_;
  std::vector<at::Tensor> keys_, values_;  // by layer
};

}  // namespace

SubstitutedStates substitute(const model::Decoder& decoder, std::span<const std::int32_t> ids,
                             std::span<const Substitute> substitutes) {
  const at::NoGradGuard no_grad;
  TextMemory memory;
  model::ForwardOptions options;
  options.memory = &memory;
  model::PackedBatch text;
  text.append(ids);
  SubstitutedStates states;
  states.text_ND = decoder.forward(text, nullptr, options);
  states.substitute_SD = states.text_ND.slice(0, 0, 0);
  if (substitutes.empty()) return states;
  memory.begin_substitutes(substitutes);
  model::PackedBatch batch;
  for (const auto& one : substitutes) batch.append({&one.id, 1});
  states.substitute_SD = decoder.forward(batch, nullptr, options);
  return states;
}

}  // namespace conceptune::concepts
