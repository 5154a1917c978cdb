// Against autograd over full logits. The objective's tests hold the whole loss to its definition.
#include "conceptune/training/objective/further_tokens.h"

#include <gtest/gtest.h>

namespace conceptune::training {
namespace {

struct Problem {
  at::Tensor hidden_ND, head_VD;
  std::vector<FurtherToken> further_F;
  std::vector<double> weights_F;
};

/// More rows than one chunk holds, every seventh without weight.
Problem make_problem(at::ScalarType type) {
  at::manual_seed(3);
  Problem problem{at::randn({150, 5}, type), at::randn({29, 5}, type), {}, {}};
  for (std::int64_t f = 0; f < 140; ++f) {
    problem.further_F.push_back({149 - f, static_cast<std::int32_t>(f * 13 % 29)});
    problem.weights_F.push_back(f % 7 == 0 ? 0 : 0.01 * static_cast<double>(f));
  }
  return problem;
}

TEST(FurtherTokens, LogProbabilitiesAndGradientsEqualAutograd) {
  const Problem problem = make_problem(at::kDouble);
  const at::Tensor hidden_ND = problem.hidden_ND.clone().set_requires_grad(true);
  const at::Tensor head_VD = problem.head_VD.clone().set_requires_grad(true);
  const at::Tensor log_p_NV = at::log_softmax(at::mm(hidden_ND, head_VD.t()), 1);
  const auto actual = further_log_probabilities(problem.hidden_ND, problem.head_VD, problem.further_F);
  at::Tensor loss = at::zeros({}, at::kDouble);
  for (std::size_t f = 0; f < problem.further_F.size(); ++f) {
    const at::Tensor log_p = log_p_NV[problem.further_F[f].row][problem.further_F[f].id];
    EXPECT_NEAR(actual[f], log_p.item<double>(), 1e-12);
    loss = loss - problem.weights_F[f] * log_p;
  }
  loss.backward();
  at::Tensor d_hidden_ND = at::ones_like(problem.hidden_ND), d_head_VD = at::ones_like(problem.head_VD);
  add_further_gradients(problem.hidden_ND, problem.head_VD, problem.further_F, problem.weights_F, d_hidden_ND,
                        d_head_VD);
  EXPECT_TRUE(at::allclose(d_hidden_ND - 1, hidden_ND.grad(), 1e-10, 1e-12));
  EXPECT_TRUE(at::allclose(d_head_VD - 1, head_VD.grad(), 1e-10, 1e-12));
}

TEST(FurtherTokens, TheHeadMayBeFrozen) {
  const Problem problem = make_problem(at::kFloat);
  at::Tensor d_hidden_ND = at::zeros_like(problem.hidden_ND), none;
  add_further_gradients(problem.hidden_ND, problem.head_VD, problem.further_F, problem.weights_F, d_hidden_ND,
                        none);
  EXPECT_GT(d_hidden_ND.abs().max().item<float>(), 0);
  EXPECT_FALSE(none.defined());
  EXPECT_EQ(d_hidden_ND[149].abs().max().item<float>(), 0);  // weight 0
}

}  // namespace
}  // namespace conceptune::training
