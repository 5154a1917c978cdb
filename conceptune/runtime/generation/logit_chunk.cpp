#include "conceptune/runtime/generation/logit_chunk.h"

#include <algorithm>
#include <cmath>

#include "conceptune/runtime/kernels/logit_kernels.h"
#include "conceptune/runtime/kernels/parallel.h"

namespace conceptune::generation {
namespace {

/// Rows enough for the matrix product, few enough for their logits to stay in cache.
constexpr std::int64_t kLogitsAtOnce = std::int64_t{1} << 22;

}  // namespace

LogitChunk::LogitChunk(const model::Decoder& decoder, const model::Matrix& hidden_MD, std::int64_t first_row)
    : first_row_(first_row),
      logits_MV_(decoder.project(hidden_MD)),
      largest_M_(logits_MV_.rows()),
      log_sum_M_(logits_MV_.rows()) {
  const auto reduce = kernels::logit_kernels().reduce;
  kernels::parallel_for(logits_MV_.rows(), [&](std::int64_t m) {
    double sum = 0;
    reduce(logits_MV_.row(m), logits_MV_.width(), &largest_M_[m], &sum);
    log_sum_M_[m] = largest_M_[m] + std::log(sum);
  });
}

bool LogitChunk::is_best(std::int64_t row, std::int32_t token) const {
  const float* values = logits(row);
  const float largest = largest_M_[row - first_row_];
  return values[token] == largest && std::find(values, values + token, largest) == values + token;
}

void for_each_logit_chunk(const model::Decoder& decoder, const model::Matrix& hidden_MD,
                          const std::function<void(const LogitChunk&)>& use) {
  const std::int64_t rows = hidden_MD.rows(), rows_at_once = decoder.logit_rows_at_once(kLogitsAtOnce);
  for (std::int64_t row = 0; row < rows; row += rows_at_once)
    use(LogitChunk(decoder, model::rows_of(hidden_MD, row, std::min(rows_at_once, rows - row)), row));
}

}  // namespace conceptune::generation
