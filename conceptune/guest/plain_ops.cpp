#include "conceptune/guest/plain_ops.h"

#include <limits>

namespace conceptune::guest::plain {
namespace {

/// Which of T keys are hidden from each of the T queries that begin at token `begin` of the batch.
at::Tensor hidden_keys(std::int64_t begin, std::int64_t tokens, const model::Visibility& visible,
                       const at::Device& device) {
  const auto bools = at::TensorOptions().dtype(at::kBool).device(device);
  const at::Tensor later_TT = at::ones({tokens, tokens}, bools).triu(/*diagonal=*/1);
  if (visible.prefix_N.empty()) return later_TT;
  const auto column = [&](const std::vector<std::int32_t>& values_N) {
    return at::from_blob(const_cast<std::int32_t*>(values_N.data() + begin), {tokens, 1}, at::kInt)
        .to(device);
  };
  const at::Tensor keys_T = at::arange(tokens, at::TensorOptions().dtype(at::kInt).device(device));
  return later_TT.logical_or(
      (keys_T >= column(visible.prefix_N)).logical_and(keys_T < column(visible.own_N)));
}

at::Tensor attend_one_sequence(const at::Tensor& q_THK, const at::Tensor& k_TGK, const at::Tensor& v_TGK,
                               const at::Tensor& hidden_TT) {
  const std::int64_t group = q_THK.size(1) / k_TGK.size(1);
  const double scale = 1.0 / std::sqrt(static_cast<double>(q_THK.size(2)));
  const at::Tensor q_HTK = q_THK.transpose(0, 1);
  const at::Tensor k_HTK = k_TGK.transpose(0, 1).repeat_interleave(group, 0);
  const at::Tensor v_HTK = v_TGK.transpose(0, 1).repeat_interleave(group, 0);
  const at::Tensor scores_HTT = (at::bmm(q_HTK, k_HTK.transpose(1, 2)) * scale).to(at::kFloat);
  const at::Tensor shares_HTT =
      at::softmax(scores_HTT.masked_fill(hidden_TT, -std::numeric_limits<float>::infinity()), -1);
  return at::bmm(shares_HTT.to(v_HTK.scalar_type()), v_HTK).transpose(0, 1);
}

}  // namespace

at::Tensor rms_norm(const at::Tensor& x_ND, const at::Tensor& weight_D, double epsilon) {
  const at::Tensor x32_ND = x_ND.to(at::kFloat);
  const at::Tensor scale_N1 = at::rsqrt(x32_ND.pow(2).mean(-1, /*keepdim=*/true) + epsilon);
  return (x32_ND * scale_N1).to(x_ND.scalar_type()) * weight_D;
}

at::Tensor rotate(const at::Tensor& x_NHK, const at::Tensor& cos_NP, const at::Tensor& sin_NP) {
  const auto halves = x_NHK.chunk(2, -1);
  const at::Tensor cos_N1P = cos_NP.unsqueeze(1).to(x_NHK.scalar_type());
  const at::Tensor sin_N1P = sin_NP.unsqueeze(1).to(x_NHK.scalar_type());
  return at::cat({halves[0] * cos_N1P - halves[1] * sin_N1P, halves[1] * cos_N1P + halves[0] * sin_N1P}, -1);
}

at::Tensor causal_attention(const at::Tensor& q_NHK, const at::Tensor& k_NGK, const at::Tensor& v_NGK,
                            std::span<const std::int32_t> starts, const model::Visibility& visible) {
  std::vector<at::Tensor> attended;
  for (std::size_t s = 0; s + 1 < starts.size(); ++s) {
    const auto of_sequence = [&](const at::Tensor& x) { return x.slice(0, starts[s], starts[s + 1]); };
    attended.push_back(
        attend_one_sequence(of_sequence(q_NHK), of_sequence(k_NGK), of_sequence(v_NGK),
                            hidden_keys(starts[s], starts[s + 1] - starts[s], visible, q_NHK.device())));
  }
  return at::cat(attended, 0);
}

at::Tensor swiglu(const at::Tensor& gate_NF, const at::Tensor& up_NF) { return at::silu(gate_NF) * up_NF; }

}  // namespace conceptune::guest::plain
