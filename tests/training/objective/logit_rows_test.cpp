// Against values worked out by hand: logits log(1), log(2), log(5) have probabilities 1/8, 2/8, 5/8.
#include "conceptune/training/objective/logit_rows.h"

#include <gtest/gtest.h>

#include <cmath>

namespace conceptune::training {
namespace {

at::Tensor logits_of_two_rows(at::ScalarType type) {
  // The second row is the first plus 1000: only a shifted exponential survives float32.
  const at::Tensor row = at::tensor({1.0, 2.0, 5.0}, at::kDouble).log();
  return at::stack({row, row + 1000}).to(type);
}

class LogitRows : public testing::TestWithParam<at::ScalarType> {};

TEST_P(LogitRows, AnswersReductionsPicksRanksAndEntropies) {
  const double tolerance = GetParam() == at::kFloat ? 1e-4 : 1e-9;  // half a ULP of float32 at 1000 is 3e-5
  const auto answer = query_logits(logits_of_two_rows(GetParam()), {{1, 5, 3}, {0, 1}});
  EXPECT_NEAR(answer.log_normaliser_C[0], std::log(8.0), tolerance);
  EXPECT_NEAR(answer.log_normaliser_C[1], 1000 + std::log(8.0), tolerance);
  EXPECT_NEAR(answer.maximum_C[1], 1000 + std::log(5.0), tolerance);
  EXPECT_NEAR(answer.picked_P[0], std::log(2.0), tolerance);
  EXPECT_NEAR(answer.picked_P[2], 1000, tolerance);
  EXPECT_EQ(answer.rank_S, (std::vector<double>{2, 1}));
  const double entropy = -(0.125 * std::log(0.125) + 0.25 * std::log(0.25) + 0.625 * std::log(0.625));
  EXPECT_NEAR(answer.entropy_S[0], entropy, tolerance);
  EXPECT_NEAR(answer.entropy_S[1], entropy, tolerance);
}

TEST_P(LogitRows, SoftmaxTakesEachRowsScale) {
  at::Tensor logits_CV = logits_of_two_rows(GetParam());
  const auto answer = query_logits(logits_CV, {{0, 3}, {}});
  scaled_softmax_(logits_CV, answer.log_normaliser_C, {8, 0});
  EXPECT_TRUE(at::allclose(logits_CV[0], at::tensor({1.0, 2.0, 5.0}).to(GetParam()), 1e-5));
  EXPECT_EQ(logits_CV[1].abs().max().item<double>(), 0);
}

TEST_P(LogitRows, RepeatedPositionsAddUp) {
  at::Tensor tensor_CV = at::zeros({2, 3}, GetParam());
  add_at_positions_(tensor_CV, {4, 0, 4}, {1, 2, 3});
  EXPECT_TRUE(at::equal(tensor_CV, at::tensor({2.0, 0.0, 0.0, 0.0, 4.0, 0.0}).to(GetParam()).view({2, 3})));
}

TEST(LogitRowsKernels, EqualTheOperationsOfLibtorch) {
  at::manual_seed(2);
  const at::Tensor logits_CV = at::randn({5, 1003}, at::kDouble).mul_(8).to(at::kFloat);
  const LogitQuery query{{3, 1004, 2007, 3010, 4013, 17}, {1, 4}};
  const auto plain = query_logits(logits_CV.to(at::kDouble), query), fused = query_logits(logits_CV, query);
  EXPECT_EQ(fused.maximum_C, plain.maximum_C);
  EXPECT_EQ(fused.picked_P, plain.picked_P);
  EXPECT_EQ(fused.rank_S, plain.rank_S);
  for (std::size_t c = 0; c < 5; ++c) EXPECT_NEAR(fused.log_normaliser_C[c], plain.log_normaliser_C[c], 1e-6);
  for (std::size_t s = 0; s < 2; ++s) EXPECT_NEAR(fused.entropy_S[s], plain.entropy_S[s], 1e-5);
  const std::vector<double> scale_C = {1, 0.5, 0, 2, 1e-4};
  at::Tensor expected_CV = logits_CV.to(at::kDouble), actual_CV = logits_CV.clone();
  scaled_softmax_(expected_CV, plain.log_normaliser_C, scale_C);
  scaled_softmax_(actual_CV, fused.log_normaliser_C, scale_C);
  // A logit lies up to 64 from the normaliser, where half a ULP is 4e-6.
  EXPECT_TRUE(at::allclose(actual_CV.to(at::kDouble), expected_CV, 5e-6, 1e-30));
}

INSTANTIATE_TEST_SUITE_P(Types, LogitRows, testing::Values(at::kFloat, at::kDouble));

}  // namespace
}  // namespace conceptune::training
