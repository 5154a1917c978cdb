// Logits of some rows with what probabilities are made from, so that the logits of a whole batch never exist.
//
// Shapes: M rows, D width, V vocabulary.
#pragma once

#include <functional>
#include <vector>

#include "conceptune/runtime/model/decoder.h"

namespace conceptune::generation {

/// The logits of successive rows, each with its largest and the log of its sum of exponentials.
class LogitChunk {
 public:
  /// Of the rows of hidden_MD, numbered from `first_row`.
  LogitChunk(const model::Decoder& decoder, const model::Matrix& hidden_MD, std::int64_t first_row);

  std::int64_t begin() const { return first_row_; }
  std::int64_t end() const { return first_row_ + logits_MV_.rows(); }
  /// −log p(token) at a row in [begin, end).
  double nll(std::int64_t row, std::int32_t token) const {
    return log_sum_M_[row - first_row_] - static_cast<double>(logits(row)[token]);
  }
  /// Whether the token is the likeliest, the first of equals.
  bool is_best(std::int64_t row, std::int32_t token) const;

 private:
  const float* logits(std::int64_t row) const { return logits_MV_.row(row - first_row_); }

  std::int64_t first_row_;
  model::Matrix logits_MV_;
  std::vector<float> largest_M_;
  std::vector<double> log_sum_M_;
};

/// Calls use(chunk) for chunks of hidden_MD's rows in their order.
void for_each_logit_chunk(const model::Decoder& decoder, const model::Matrix& hidden_MD,
                          const std::function<void(const LogitChunk&)>& use);

}  // namespace conceptune::generation
