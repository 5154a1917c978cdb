// The dense work on a chunk of logits, of which everything else in the objective needs only a few numbers.
//
// Shapes: C rows of a chunk, V vocabulary, P picked logits, S rows of content words.
#pragma once

#include <cstdint>
#include <vector>

#include "conceptune/runtime/matrices/matrix.h"

namespace conceptune::training {

/// Which logits of a chunk are wanted. A position is row · V + id.
struct LogitQuery {
  /// The targets of the C rows in order, then any others.
  std::vector<std::int64_t> positions_P;
  /// Rows of the chunk for which rank and entropy are wanted.
  std::vector<std::int64_t> content_rows_S;
};

struct LogitAnswer {
  /// log Σ exp(logit) of a row, and its largest logit.
  std::vector<double> log_normaliser_C;
  std::vector<double> maximum_C;
  std::vector<double> picked_P;
  /// 1 + number of logits above the target's, and −Σ p log p, of each content row.
  std::vector<double> rank_S;
  std::vector<double> entropy_S;
};

/// Reads a chunk of logits; they stay as they are.
LogitAnswer query_logits(const model::Matrix& logits_CV, const LogitQuery& query);

/// Turns logits into scale · softmax, in place.
void scale_softmax(const model::Matrix& logits_CV, const std::vector<double>& log_normaliser_C,
                   const std::vector<double>& scale_C);

/// Adds values at positions (row · V + id), in place. Positions may repeat.
void add_at_positions(const model::Matrix& matrix_CV, const std::vector<std::int64_t>& positions,
                      const std::vector<double>& values);

/// d_head += d_logitsᵀ · hidden.
void add_head_gradient(const model::Matrix& d_logits_CV, const model::Matrix& hidden_CD,
                       const model::Matrix& d_head_VD);

}  // namespace conceptune::training
