// Against the formula over full logits. The objective's tests hold the whole loss to its definition.
#include "conceptune/training/objective/further_tokens.h"

#include <gtest/gtest.h>

#include "tests/support/doubles.h"
#include "tests/support/matrices.h"

namespace conceptune::training {
namespace {

using namespace conceptune::test;

struct Problem {
  model::Matrix hidden_ND, head_VD;
  std::vector<FurtherToken> further_F;
  std::vector<double> weights_F;
};

/// More rows than one chunk holds, every seventh without weight.
Problem make_problem() {
  Problem problem{random_matrix(150, 5, 3), random_matrix(29, 5, 4), {}, {}};
  for (std::int64_t f = 0; f < 140; ++f) {
    problem.further_F.push_back({149 - f, static_cast<std::int32_t>(f * 13 % 29)});
    problem.weights_F.push_back(f % 7 == 0 ? 0 : 0.01 * static_cast<double>(f));
  }
  return problem;
}

Doubles log_probabilities(const Doubles& hidden_ND, const Doubles& head_VD) {
  return double_log_softmax(product_with_transposed(hidden_ND, head_VD));
}

void subtract_one(const model::Matrix& matrix) {
  for (std::int64_t i = 0; i < matrix.size(); ++i) matrix.values()[i] -= 1;
}

TEST(FurtherTokens, LogProbabilitiesAreTheSoftmaxs) {
  const Problem problem = make_problem();
  const Doubles log_p_NV = log_probabilities(doubles_of(problem.hidden_ND), doubles_of(problem.head_VD));
  const auto actual = further_log_probabilities(problem.hidden_ND, problem.head_VD, problem.further_F);
  ASSERT_EQ(actual.size(), problem.further_F.size());
  for (std::size_t f = 0; f < actual.size(); ++f)
    EXPECT_NEAR(actual[f], log_p_NV.row(problem.further_F[f].row)[problem.further_F[f].id], 1e-5);
}

TEST(FurtherTokens, GradientsAreTheSlopesOfTheWeightedCrossEntropy) {
  const Problem problem = make_problem();
  const Doubles hidden_ND = doubles_of(problem.hidden_ND), head_VD = doubles_of(problem.head_VD);
  const auto loss = [&] {
    const Doubles log_p_NV = log_probabilities(hidden_ND, head_VD);
    double sum = 0;
    for (std::size_t f = 0; f < problem.further_F.size(); ++f)
      sum -= problem.weights_F[f] * log_p_NV.row(problem.further_F[f].row)[problem.further_F[f].id];
    return sum;
  };
  // What is there is added to.
  const model::Matrix d_hidden_ND = filled(150, 5, 1), d_head_VD = filled(29, 5, 1);
  add_further_gradients(problem.hidden_ND, problem.head_VD, problem.further_F, problem.weights_F, d_hidden_ND,
                        d_head_VD);
  subtract_one(d_hidden_ND);
  subtract_one(d_head_VD);
  EXPECT_TRUE(all_close(d_hidden_ND, slopes(hidden_ND, loss), 1e-5, 1e-5));
  EXPECT_TRUE(all_close(d_head_VD, slopes(head_VD, loss), 1e-5, 1e-5));
}

TEST(FurtherTokens, TheHeadMayBeFrozen) {
  const Problem problem = make_problem();
  const auto run = [&](const model::Matrix& d_head_VD) {
    const model::Matrix d_hidden_ND = filled(150, 5, 0);
    add_further_gradients(problem.hidden_ND, problem.head_VD, problem.further_F, problem.weights_F,
                          d_hidden_ND, d_head_VD);
    return d_hidden_ND;
  };
  const model::Matrix d_hidden_ND = run({});
  EXPECT_TRUE(equal(d_hidden_ND, run(filled(29, 5, 0))));
  EXPECT_TRUE(equal(model::rows_of(d_hidden_ND, 149, 1), filled(1, 5, 0)));  // weight 0
  EXPECT_FALSE(equal(model::rows_of(d_hidden_ND, 148, 1), filled(1, 5, 0)));
}

}  // namespace
}  // namespace conceptune::training
