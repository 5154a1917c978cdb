#include "conceptune/evaluation/logit_chunk.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>

#include "conceptune/runtime/kernels/logit_kernels.h"

namespace conceptune::evaluation {
namespace {

/// Rows enough for the matrix product, few enough for their logits to stay in cache.
constexpr std::int64_t kLogitsAtOnce = std::int64_t{1} << 22;

}  // namespace

LogitChunk::LogitChunk(const model::Decoder& decoder, const at::Tensor& hidden_MD, std::int64_t first_row)
    : first_row_(first_row),
      logits_MV_(decoder.project(hidden_MD).to(at::kCPU, at::kFloat).contiguous()),
      largest_M_(logits_MV_.size(0)),
      log_sum_M_(logits_MV_.size(0)) {
  const auto reduce = kernels::logit_kernels().reduce;
  at::parallel_for(0, logits_MV_.size(0), 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t m = begin; m < end; ++m) {
      double sum = 0;
      reduce(logits(first_row_ + m), logits_MV_.size(1), &largest_M_[m], &sum);
      log_sum_M_[m] = largest_M_[m] + std::log(sum);
    }
  });
}

bool LogitChunk::is_best(std::int64_t row, std::int32_t token) const {
  const float* values = logits(row);
  const float largest = largest_M_[row - first_row_];
  return values[token] == largest && std::find(values, values + token, largest) == values + token;
}

void for_each_logit_chunk(const model::Decoder& decoder, const at::Tensor& hidden_MD,
                          const std::function<void(const LogitChunk&)>& use) {
  const std::int64_t rows = hidden_MD.size(0), rows_at_once = decoder.head().rows_at_once(kLogitsAtOnce);
  for (std::int64_t row = 0; row < rows; row += rows_at_once)
    use(LogitChunk(decoder, hidden_MD.slice(0, row, std::min(row + rows_at_once, rows)), row));
}

}  // namespace conceptune::evaluation
