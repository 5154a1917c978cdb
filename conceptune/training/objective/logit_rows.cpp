#include "conceptune/training/objective/logit_rows.h"

#include <cmath>

#include "conceptune/runtime/kernels/gemm.h"
#include "conceptune/runtime/kernels/logit_kernels.h"
#include "conceptune/runtime/kernels/parallel.h"
#include "conceptune/runtime/kernels/profile.h"

namespace conceptune::training {
namespace {

LogitAnswer query(const model::Matrix& logits_CV, const LogitQuery& query) {
  const kernels::LogitKernels& run = kernels::logit_kernels();
  const float* logits = logits_CV.values();
  const std::int64_t rows = logits_CV.rows(), vocabulary = logits_CV.width();
  const std::size_t content = query.content_rows_S.size();
  LogitAnswer answer{std::vector<double>(rows),
                     std::vector<double>(rows),
                     {},
                     std::vector<double>(content),
                     std::vector<double>(content)};
  for (const std::int64_t position : query.positions_P) answer.picked_P.push_back(logits[position]);
  std::vector<double> sum_C(rows);
  kernels::parallel_for(rows, [&](std::int64_t c) {
    float largest = 0;
    run.reduce(logits + c * vocabulary, vocabulary, &largest, &sum_C[c]);
    answer.maximum_C[c] = largest;
    answer.log_normaliser_C[c] = largest + std::log(sum_C[c]);
  });
  kernels::parallel_for(static_cast<std::int64_t>(content), [&](std::int64_t s) {
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

LogitAnswer query_logits(const model::Matrix& logits_CV, const LogitQuery& wanted) {
  const kernels::ProfileScope scope("softmax and losses");
  return query(logits_CV, wanted);
}

void scale_softmax(const model::Matrix& logits_CV, const std::vector<double>& log_normaliser_C,
                   const std::vector<double>& scale_C) {
  const kernels::ProfileScope scope("softmax and losses");
  kernels::parallel_for(logits_CV.rows(), [&](std::int64_t c) {
    // What rounding the shift to float32 loses is given back by the factor.
    const auto shift = static_cast<float>(log_normaliser_C[c]);
    const auto factor = static_cast<float>(scale_C[c] * std::exp(shift - log_normaliser_C[c]));
    kernels::logit_kernels().scaled_exponential(logits_CV.row(c), logits_CV.width(), shift, factor);
  });
}

void add_at_positions(const model::Matrix& matrix_CV, const std::vector<std::int64_t>& positions,
                      const std::vector<double>& values) {
  float* const out = matrix_CV.values();
  for (std::size_t i = 0; i < positions.size(); ++i) out[positions[i]] += static_cast<float>(values[i]);
}

void add_head_gradient(const model::Matrix& d_logits_CV, const model::Matrix& hidden_CD,
                       const model::Matrix& d_head_VD) {
  const std::int64_t vocabulary = d_logits_CV.width(), width = hidden_CD.width();
  kernels::parallel_gemm({vocabulary, width, d_logits_CV.rows()}, 1, {d_logits_CV.values(), vocabulary, true},
                         {hidden_CD.values(), width}, 1, d_head_VD.values(), width);
}

}  // namespace conceptune::training
