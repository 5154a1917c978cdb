// The further tokens of synonyms of several tokens: what they add to the objective's one pass over the rows.
//
// A synonym t₁ … tₘ counts with P = p(t₁) Π p(tᵢ | …). At the row that predicts tᵢ, i > 1, the gradient of
// −log mass is P / mass · (p − onehot(tᵢ)); at the row of t₁ it is as for a synonym of one token.
//
// Shapes: N tokens of a packed batch, F further tokens, D width, V vocabulary.
#pragma once

#include <vector>

#include "conceptune/runtime/matrices/frozen_matrix.h"
#include "conceptune/training/objective/targets.h"

namespace conceptune::training {

/// log p of every further token at its row.
std::vector<double> further_log_probabilities(const model::Matrix& hidden_ND,
                                              const model::FrozenMatrix& head_VD,
                                              const std::vector<FurtherToken>& further_F);

/// Adds weight · (p − onehot(id)), taken back through the head, to d_hidden at every further token's row, and
/// to d_head where that is a matrix. Rows of weight 0 cost nothing.
void add_further_gradients(const model::Matrix& hidden_ND, const model::FrozenMatrix& head_VD,
                           const std::vector<FurtherToken>& further_F, const std::vector<double>& weights_F,
                           const model::Matrix& d_hidden_ND, const model::Matrix& d_head_VD = {});

}  // namespace conceptune::training
