#include "conceptune/training/logit_rows.h"

namespace conceptune::training {
namespace {

at::Tensor to_device(const std::vector<std::int64_t>& values, const at::Tensor& like) {
  return at::tensor(values, at::kLong).to(like.device());
}

at::Tensor to_column(const std::vector<double>& values, const at::Tensor& like) {
  return at::tensor(values, at::kDouble).to(like.options()).unsqueeze(1);
}

std::vector<double> to_doubles(const at::Tensor& tensor) {
  const at::Tensor values = tensor.to(at::kCPU, at::kDouble).contiguous();
  return {values.data_ptr<double>(), values.data_ptr<double>() + values.numel()};
}

}  // namespace

LogitAnswer query_logits(const at::Tensor& logits_CV, const LogitQuery& query) {
  const at::Tensor log_normaliser_C = logits_CV.logsumexp(1);
  const at::Tensor picked_P = logits_CV.view(-1).index_select(0, to_device(query.positions_P, logits_CV));
  LogitAnswer answer{
      to_doubles(log_normaliser_C), to_doubles(logits_CV.amax(1)), to_doubles(picked_P), {}, {}};
  if (query.content_rows_S.empty()) return answer;
  const at::Tensor rows_S = to_device(query.content_rows_S, logits_CV);
  const at::Tensor content_SV = logits_CV.index_select(0, rows_S);
  const at::Tensor target_S1 = picked_P.index_select(0, rows_S).unsqueeze(1);
  const at::Tensor log_p_SV = content_SV - log_normaliser_C.index_select(0, rows_S).unsqueeze(1);
  answer.rank_S = to_doubles((content_SV > target_S1).sum(1) + 1);
  answer.entropy_S = to_doubles(-(log_p_SV.exp() * log_p_SV).sum(1));
  return answer;
}

void scaled_softmax_(at::Tensor& logits_CV, const std::vector<double>& log_normaliser_C,
                     const std::vector<double>& scale_C) {
  logits_CV.sub_(to_column(log_normaliser_C, logits_CV)).exp_().mul_(to_column(scale_C, logits_CV));
}

void add_at_positions_(at::Tensor& tensor_CV, const std::vector<std::int64_t>& positions,
                       const std::vector<double>& values) {
  tensor_CV.view(-1).index_add_(0, to_device(positions, tensor_CV), to_column(values, tensor_CV).squeeze(1));
}

}  // namespace conceptune::training
