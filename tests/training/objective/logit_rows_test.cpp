// Against values worked out by hand: logits log(1), log(2), log(5) have probabilities 1/8, 2/8, 5/8. And
// against the formula on wide rows.
#include "conceptune/training/objective/logit_rows.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/support/doubles.h"
#include "tests/support/matrices.h"

namespace conceptune::training {
namespace {

using namespace conceptune::test;

model::Matrix logits_of_two_rows() {
  // The second row is the first plus 1000: only a shifted exponential survives float32.
  model::Matrix logits_CV(2, 3);
  for (std::int64_t v = 0; v < 3; ++v) {
    const double logit = std::log(std::vector{1.0, 2.0, 5.0}[static_cast<std::size_t>(v)]);
    logits_CV.row(0)[v] = static_cast<float>(logit);
    logits_CV.row(1)[v] = static_cast<float>(logit + 1000);
  }
  return logits_CV;
}

TEST(LogitRows, AnswersReductionsPicksRanksAndEntropies) {
  const model::Matrix logits_CV = logits_of_two_rows();
  const auto answer = query_logits(logits_CV, {{1, 5, 3}, {0, 1}});
  const double shifted = 1e-4;  // half a ULP of float32 at 1000 is 3e-5
  EXPECT_NEAR(answer.log_normaliser_C[0], std::log(8.0), 1e-6);
  EXPECT_NEAR(answer.log_normaliser_C[1], 1000 + std::log(8.0), shifted);
  EXPECT_NEAR(answer.maximum_C[1], 1000 + std::log(5.0), shifted);
  EXPECT_NEAR(answer.picked_P[0], std::log(2.0), 1e-6);
  EXPECT_NEAR(answer.picked_P[2], 1000, shifted);
  EXPECT_EQ(answer.rank_S, (std::vector<double>{2, 1}));
  const double entropy = -(0.125 * std::log(0.125) + 0.25 * std::log(0.25) + 0.625 * std::log(0.625));
  EXPECT_NEAR(answer.entropy_S[0], entropy, 1e-6);
  EXPECT_NEAR(answer.entropy_S[1], entropy, shifted);
  EXPECT_TRUE(equal(logits_CV, logits_of_two_rows()));
}

TEST(LogitRows, SoftmaxTakesEachRowsScale) {
  const model::Matrix logits_CV = logits_of_two_rows();
  const auto answer = query_logits(logits_CV, {{0, 3}, {}});
  scale_softmax(logits_CV, answer.log_normaliser_C, {8, 0});
  EXPECT_TRUE(all_close(model::rows_of(logits_CV, 0, 1), matrix_of({{1, 2, 5}}), 1e-5, 0));
  EXPECT_TRUE(equal(model::rows_of(logits_CV, 1, 1), filled(1, 3, 0)));
}

TEST(LogitRows, RepeatedPositionsAddUp) {
  const model::Matrix matrix_CV = filled(2, 3, 0);
  add_at_positions(matrix_CV, {4, 0, 4}, {1, 2, 3});
  EXPECT_TRUE(equal(matrix_CV, matrix_of({{2, 0, 0}, {0, 4, 0}})));
}

TEST(LogitRows, OfManyLogitsAreTheFormulas) {
  const model::Matrix logits_CV = random_matrix(5, 1003, 2, 8);
  const LogitQuery query{{3, 1004, 2007, 3010, 4013, 17}, {1, 4}};
  const auto answer = query_logits(logits_CV, query);
  const Doubles log_p_CV = double_log_softmax(logits_CV);
  for (std::size_t p = 0; p < query.positions_P.size(); ++p)
    EXPECT_EQ(answer.picked_P[p], logits_CV.values()[query.positions_P[p]]);
  for (std::int64_t c = 0; c < 5; ++c) {
    const float* logits_V = logits_CV.row(c);
    EXPECT_EQ(answer.maximum_C[static_cast<std::size_t>(c)], *std::max_element(logits_V, logits_V + 1003));
    EXPECT_NEAR(answer.log_normaliser_C[static_cast<std::size_t>(c)], logits_V[0] - log_p_CV.row(c)[0], 1e-6);
  }
  for (std::size_t s = 0; s < 2; ++s) {
    const std::int64_t c = query.content_rows_S[s];
    const float target = logits_CV.values()[query.positions_P[static_cast<std::size_t>(c)]];
    double entropy = 0, rank = 1;
    for (std::int64_t v = 0; v < 1003; ++v) {
      entropy -= std::exp(log_p_CV.row(c)[v]) * log_p_CV.row(c)[v];
      rank += logits_CV.row(c)[v] > target;
    }
    EXPECT_EQ(answer.rank_S[s], rank);
    EXPECT_NEAR(answer.entropy_S[s], entropy, 1e-5);
  }
  const std::vector<double> scale_C = {1, 0.5, 0, 2, 1e-4};
  Doubles expected_CV(5, 1003);
  for (std::int64_t c = 0; c < 5; ++c)
    for (std::int64_t v = 0; v < 1003; ++v)
      expected_CV.row(c)[v] = scale_C[static_cast<std::size_t>(c)] * std::exp(log_p_CV.row(c)[v]);
  scale_softmax(logits_CV, answer.log_normaliser_C, scale_C);
  // A logit lies up to 64 from the normaliser, where half a ULP is 4e-6.
  EXPECT_TRUE(all_close(logits_CV, expected_CV, 5e-6, 1e-30));
}

TEST(LogitRows, HeadsGradientIsAddedToWhatIsThere) {
  const model::Matrix d_logits_CV = random_matrix(7, 33, 1), hidden_CD = random_matrix(7, 5, 2);
  const model::Matrix d_head_VD = filled(33, 5, 1);
  add_head_gradient(d_logits_CV, hidden_CD, d_head_VD);
  for (std::int64_t v = 0; v < 33; ++v)
    for (std::int64_t d = 0; d < 5; ++d) {
      double expected = 1;
      for (std::int64_t c = 0; c < 7; ++c)
        expected += static_cast<double>(d_logits_CV.row(c)[v]) * static_cast<double>(hidden_CD.row(c)[d]);
      EXPECT_NEAR(d_head_VD.row(v)[d], expected, 1e-5);
    }
}

}  // namespace
}  // namespace conceptune::training
