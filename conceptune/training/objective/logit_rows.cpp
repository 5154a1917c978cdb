#include "conceptune/training/objective/logit_rows.h"

#include <ATen/Parallel.h>

#include <cmath>

#include "conceptune/runtime/kernels/logit_kernels.h"
#include "conceptune/runtime/kernels/profile.h"

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

/// The kernels are for float32 on the CPU; everything else goes through libtorch's operations.
bool has_kernels(const at::Tensor& tensor) {
  return tensor.device().is_cpu() && tensor.scalar_type() == at::kFloat && tensor.is_contiguous();
}

template <class Task>
void for_each_row(std::int64_t rows, const Task& task) {
  at::parallel_for(0, rows, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) task(row);
  });
}

LogitAnswer query_with_torch(const at::Tensor& logits_CV, const LogitQuery& query) {
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

LogitAnswer query_with_kernels(const at::Tensor& logits_CV, const LogitQuery& query) {
  const kernels::LogitKernels& run = kernels::logit_kernels();
  const float* logits = logits_CV.data_ptr<float>();
  const std::int64_t rows = logits_CV.size(0), vocabulary = logits_CV.size(1);
  const std::size_t content = query.content_rows_S.size();
  LogitAnswer answer{std::vector<double>(rows),
                     std::vector<double>(rows),
                     {},
                     std::vector<double>(content),
                     std::vector<double>(content)};
  for (const std::int64_t position : query.positions_P) answer.picked_P.push_back(logits[position]);
  std::vector<double> sum_C(rows);
  for_each_row(rows, [&](std::int64_t c) {
    float largest = 0;
    run.reduce(logits + c * vocabulary, vocabulary, &largest, &sum_C[c]);
    answer.maximum_C[c] = largest;
    answer.log_normaliser_C[c] = largest + std::log(sum_C[c]);
  });
  for_each_row(static_cast<std::int64_t>(content), [&](std::int64_t s) {
    const std::int64_t c = query.content_rows_S[s];
    std::int64_t above = 0;
    double weighted_sum = 0;
    run.describe(logits + c * vocabulary, vocabulary, static_cast<float>(answer.picked_P[c]),
                 static_cast<float>(answer.maximum_C[c]), &above, &weighted_sum);
    answer.rank_S[s] = static_cast<double>(above + 1);
    answer.entropy_S[s] = std::log(sum_C[c]) - weighted_sum / sum_C[c];
  });
  return answer;
}

}  // namespace

LogitAnswer query_logits(const at::Tensor& logits_CV, const LogitQuery& query) {
  const kernels::ProfileScope scope("softmax and losses");
  return has_kernels(logits_CV) ? query_with_kernels(logits_CV, query) : query_with_torch(logits_CV, query);
}

void scaled_softmax_(at::Tensor& logits_CV, const std::vector<double>& log_normaliser_C,
                     const std::vector<double>& scale_C) {
  const kernels::ProfileScope scope("softmax and losses");
  if (!has_kernels(logits_CV)) {
    logits_CV.sub_(to_column(log_normaliser_C, logits_CV)).exp_().mul_(to_column(scale_C, logits_CV));
    return;
  }
  float* const logits = logits_CV.data_ptr<float>();
  const std::int64_t vocabulary = logits_CV.size(1);
  for_each_row(logits_CV.size(0), [&](std::int64_t c) {
    // What rounding the shift to float32 loses is given back by the factor.
    const auto shift = static_cast<float>(log_normaliser_C[c]);
    const auto factor = static_cast<float>(scale_C[c] * std::exp(shift - log_normaliser_C[c]));
    kernels::logit_kernels().scaled_exponential(logits + c * vocabulary, vocabulary, shift, factor);
  });
}

void add_at_positions_(at::Tensor& tensor_CV, const std::vector<std::int64_t>& positions,
                       const std::vector<double>& values) {
  if (!has_kernels(tensor_CV)) {
    tensor_CV.view(-1).index_add_(0, to_device(positions, tensor_CV),
                                  to_column(values, tensor_CV).squeeze(1));
    return;
  }
  float* const out = tensor_CV.data_ptr<float>();
  for (std::size_t i = 0; i < positions.size(); ++i) out[positions[i]] += static_cast<float>(values[i]);
}

}  // namespace conceptune::training
