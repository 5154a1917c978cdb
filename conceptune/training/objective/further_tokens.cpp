#include "conceptune/training/objective/further_tokens.h"

#include <algorithm>
#include <functional>
#include <span>

#include "conceptune/training/objective/logit_rows.h"

namespace conceptune::training {
namespace {

/// Rows whose logits are held at once, unless expanding the head is worth more; such rows are few.
constexpr std::int64_t kChunkRows = 64;

struct Chunk {
  std::vector<std::int64_t> row_C;
  model::Matrix hidden_CD, logits_CV;
  LogitQuery query;
};

Chunk project(const model::Matrix& hidden_ND, const model::FrozenMatrix& head_VD,
              std::span<const FurtherToken> further_C) {
  Chunk chunk;
  for (const FurtherToken& token : further_C) {
    chunk.query.positions_P.push_back(std::ssize(chunk.row_C) * head_VD.out() + token.id);
    chunk.row_C.push_back(token.row);
  }
  chunk.hidden_CD = model::rows_of(hidden_ND, std::span<const std::int64_t>(chunk.row_C));
  chunk.logits_CV = head_VD.forward(chunk.hidden_CD);
  return chunk;
}

template <class Work>
void for_each_chunk(std::span<const FurtherToken> further, const model::FrozenMatrix& head_VD,
                    const Work& work) {
  const auto rows = static_cast<std::size_t>(head_VD.rows_at_once(kChunkRows * head_VD.out()));
  for (std::size_t begin = 0; begin < further.size(); begin += rows)
    work(further.subspan(begin, std::min(rows, further.size() - begin)), begin);
}

}  // namespace

std::vector<double> further_log_probabilities(const model::Matrix& hidden_ND,
                                              const model::FrozenMatrix& head_VD,
                                              const std::vector<FurtherToken>& further_F) {
  std::vector<double> log_p_F;
  for_each_chunk(further_F, head_VD, [&](std::span<const FurtherToken> further_C, std::size_t) {
    const Chunk chunk = project(hidden_ND, head_VD, further_C);
    const LogitAnswer answer = query_logits(chunk.logits_CV, chunk.query);
    for (std::size_t c = 0; c < further_C.size(); ++c)
      log_p_F.push_back(answer.picked_P[c] - answer.log_normaliser_C[c]);
  });
  return log_p_F;
}

void add_further_gradients(const model::Matrix& hidden_ND, const model::FrozenMatrix& head_VD,
                           const std::vector<FurtherToken>& further_F, const std::vector<double>& weights_F,
                           const model::Matrix& d_hidden_ND, const model::Matrix& d_head_VD) {
  std::vector<FurtherToken> weighted;
  std::vector<double> weights;
  for (std::size_t f = 0; f < further_F.size(); ++f) {
    if (weights_F[f] == 0) continue;
    weighted.push_back(further_F[f]);
    weights.push_back(weights_F[f]);
  }
  for_each_chunk(weighted, head_VD, [&](std::span<const FurtherToken> further_C, std::size_t begin) {
    const Chunk chunk = project(hidden_ND, head_VD, further_C);
    const LogitAnswer answer = query_logits(chunk.logits_CV, chunk.query);
    std::vector<double> weights_C, corrections;
    for (std::size_t c = 0; c < further_C.size(); ++c) {
      weights_C.push_back(weights[begin + c]);
      corrections.push_back(-weights_C.back());
    }
    scale_softmax(chunk.logits_CV, answer.log_normaliser_C, weights_C);
    add_at_positions(chunk.logits_CV, chunk.query.positions_P, corrections);
    if (d_head_VD.is_there()) add_head_gradient(chunk.logits_CV, chunk.hidden_CD, d_head_VD);
    const model::Matrix d_rows_CD = head_VD.backward(chunk.logits_CV);
    for (std::int64_t c = 0; c < d_rows_CD.rows(); ++c) {
      float* const sum = d_hidden_ND.row(chunk.row_C[static_cast<std::size_t>(c)]);
      std::transform(sum, sum + d_rows_CD.width(), d_rows_CD.row(c), sum, std::plus<>());
    }
  });
}

}  // namespace conceptune::training
