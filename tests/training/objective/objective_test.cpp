// The closed-form pass against the same objective written with autograd over full logits, against finite
// differences, and against its own definition (micro-batches, thresholds, empty terms).
#include "conceptune/training/objective/objective.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "tests/training/defined_objective.h"

namespace conceptune::training {
namespace {

using test::kVocabulary;
using test::make_problem;
using test::plain_loss;
using test::probability;
using test::Problem;

double loss_at(const Problem& problem, const at::Tensor& hidden_ND, const ObjectiveOptions& options) {
  const auto denominators = count_terms(problem.targets, options);
  const auto result =
      evaluate_objective(hidden_ND, problem.head_VD, problem.targets, denominators, options, Gradient::none);
  return loss_of(result.sums, denominators, options);
}

ObjectiveOptions options_with(std::string_view loss, double concept_weight) {
  ObjectiveOptions options;
  options.loss = value_named<Loss>(loss).value();
  options.concept_weight = concept_weight;
  options.soft_targets = {SynonymWeights::scores, 0.3};
  return options;
}

struct Case {
  const char* loss;
  double concept_weight;
};

class ObjectiveCases : public testing::TestWithParam<Case> {
 protected:
  ObjectiveOptions options() const { return options_with(GetParam().loss, GetParam().concept_weight); }
  void expect_equal_to_autograd(at::ScalarType type, double tolerance) const;
};

void ObjectiveCases::expect_equal_to_autograd(at::ScalarType type, double tolerance) const {
  Problem problem = make_problem(type);
  const at::Tensor hidden_ND = problem.hidden_ND.clone().set_requires_grad(true);
  const at::Tensor head_VD = problem.head_VD.clone().set_requires_grad(true);
  const at::Tensor expected = plain_loss(hidden_ND, head_VD, problem.targets, options());
  expected.backward();

  const auto denominators = count_terms(problem.targets, options());
  const auto result = evaluate_objective(problem.hidden_ND, problem.head_VD, problem.targets, denominators,
                                         options(), Gradient::hidden_and_head);
  EXPECT_NEAR(loss_of(result.sums, denominators, options()), expected.item<double>(), tolerance);
  EXPECT_TRUE(at::allclose(result.gradient.d_hidden_ND, hidden_ND.grad(), tolerance, tolerance));
  EXPECT_TRUE(at::allclose(result.gradient.d_head_VD, head_VD.grad(), tolerance, tolerance));
}

TEST_P(ObjectiveCases, LossAndGradientsEqualAutograd) {
  expect_equal_to_autograd(at::kDouble, 1e-12);
  expect_equal_to_autograd(at::kFloat, 2e-5);
}

INSTANTIATE_TEST_SUITE_P(Losses, ObjectiveCases,
                         testing::Values(Case{"paper", 0}, Case{"paper", 0.5}, Case{"paper", 1},
                                         Case{"blended", 0.7}, Case{"weighted-ce", 0},
                                         Case{"content-ntp", 0.4}, Case{"content-ntp", 1},
                                         Case{"soft-targets", 0.4}, Case{"soft-targets", 1},
                                         Case{"next-synonym", 0.4}, Case{"next-synonym", 1}));

void expect_gradient_of_finite_differences(const Problem& problem, const ObjectiveOptions& options) {
  const auto denominators = count_terms(problem.targets, options);
  const auto result = evaluate_objective(problem.hidden_ND, problem.head_VD, problem.targets, denominators,
                                         options, Gradient::hidden);
  constexpr double kStep = 1e-6;
  for (std::int64_t i = 0; i < problem.hidden_ND.numel(); ++i) {
    at::Tensor above_ND = problem.hidden_ND.clone(), below_ND = problem.hidden_ND.clone();
    above_ND.view(-1)[i] += kStep;
    below_ND.view(-1)[i] -= kStep;
    const double difference =
        (loss_at(problem, above_ND, options) - loss_at(problem, below_ND, options)) / (2 * kStep);
    EXPECT_NEAR(result.gradient.d_hidden_ND.view(-1)[i].item<double>(), difference, 1e-8);
  }
}

TEST(Objective, EveryLosssGradientEqualsFiniteDifferences) {
  for (const Loss& loss : Loss::all())
    for (const double concept_weight : {0.0, 0.4, 1.0}) {
      SCOPED_TRACE(std::string(loss.name()) + " at " + std::to_string(concept_weight));
      expect_gradient_of_finite_differences(make_problem(at::kDouble),
                                            options_with(loss.name(), concept_weight));
    }
}

/// The rows [begin, end) of a problem's targets, as a micro-batch would have them.
Targets part_of(const Targets& targets, std::int64_t begin, std::int64_t end) {
  Targets part;
  part.further = targets.further;
  part.rows = {targets.rows.begin() + begin, targets.rows.begin() + end};
  part.next_tokens = {targets.next_tokens.begin() + begin, targets.next_tokens.begin() + end};
  for (auto target : targets.concepts) {
    if (target.row < begin || target.row >= end) continue;
    target.row -= begin;
    part.concepts.push_back(target);
  }
  return part;
}

TEST(Objective, MicroBatchesEqualOneBatch) {
  for (const Loss& loss : Loss::all()) {
    ObjectiveOptions options;
    options.loss = loss;
    const Problem problem = make_problem(at::kFloat);
    const auto denominators = count_terms(problem.targets, options);
    const auto whole = evaluate_objective(problem.hidden_ND, problem.head_VD, problem.targets, denominators,
                                          options, Gradient::hidden);
    ObjectiveSums sums;
    Denominators counted;
    at::Tensor d_hidden_ND = at::zeros_like(problem.hidden_ND);
    for (const auto& [begin, end] :
         {std::pair{0, 2}, {2, 3}, {3, 8}}) {  // unequal, the second without a word
      const Targets part = part_of(problem.targets, begin, end);
      counted += count_terms(part, options);
      const auto result = evaluate_objective(problem.hidden_ND, problem.head_VD, part, denominators, options,
                                             Gradient::hidden);
      sums += result.sums;
      d_hidden_ND += result.gradient.d_hidden_ND;
    }
    EXPECT_EQ(counted.next_token, denominators.next_token);
    EXPECT_EQ(counted.concept_words, denominators.concept_words);
    EXPECT_NEAR(loss_of(sums, denominators, options), loss_of(whole.sums, denominators, options), 1e-6);
    EXPECT_TRUE(at::allclose(d_hidden_ND, whole.gradient.d_hidden_ND, 0, 1e-6));
  }
}

TEST(Objective, StatisticsDescribeTheContentWords) {
  const Problem problem = make_problem(at::kDouble);
  const ObjectiveOptions options;
  const auto sums = evaluate_objective(problem.hidden_ND, problem.head_VD, problem.targets,
                                       count_terms(problem.targets, options), options, Gradient::none)
                        .sums;
  const at::Tensor log_p_NV = at::log_softmax(at::mm(problem.hidden_ND, problem.head_VD.t()), 1);
  const at::Tensor p_NV = log_p_NV.exp();
  double mass = 0, rank = 0, entropy = 0, correct = 0;
  for (const auto& target : problem.targets.concepts) {
    const auto r = static_cast<std::size_t>(target.row);
    const at::Tensor p_V = p_NV[problem.targets.rows[r]];
    for (const auto& token : target.tokens)
      mass += probability(token, p_V.log(), log_p_NV, problem.targets).item<double>();
    const std::int64_t id = problem.targets.next_tokens[r];
    rank += 1 + (p_V > p_V[id]).sum().item<double>();
    entropy -= (p_V * p_V.log()).sum().item<double>();
    correct += p_V.argmax().item<std::int64_t>() == id;
  }
  EXPECT_EQ(sums.tokens, 8);
  EXPECT_EQ(sums.content_words, 3);
  EXPECT_NEAR(sums.mass, mass, 1e-12);
  EXPECT_EQ(sums.rank, rank);
  EXPECT_NEAR(sums.entropy, entropy, 1e-10);
  EXPECT_EQ(sums.content_correct, correct);
  EXPECT_EQ(sums.above_target_mass, 1);
}

TEST(Objective, MassAboveTheTargetHasNoConceptGradient) {
  Problem problem = make_problem(at::kDouble);
  problem.targets.concepts.erase(problem.targets.concepts.begin(), problem.targets.concepts.begin() + 2);
  ObjectiveOptions options;
  options.concept_weight = 1;
  const auto denominators = count_terms(problem.targets, options);
  const auto result = evaluate_objective(problem.hidden_ND, problem.head_VD, problem.targets, denominators,
                                         options, Gradient::hidden);
  EXPECT_EQ(loss_of(result.sums, denominators, options), 0);
  EXPECT_EQ(result.gradient.d_hidden_ND.abs().max().item<double>(), 0);
}

TEST(Objective, BatchWithoutContentWordsHasNoConceptTerm) {
  Problem problem = make_problem(at::kDouble);
  problem.targets.concepts.clear();
  const ObjectiveOptions options;
  const auto denominators = count_terms(problem.targets, options);
  const auto result = evaluate_objective(problem.hidden_ND, problem.head_VD, problem.targets, denominators,
                                         options, Gradient::hidden);
  EXPECT_NEAR(loss_of(result.sums, denominators, options), 0.5 * result.sums.cross_entropy / 8, 1e-12);
  EXPECT_TRUE(at::isfinite(result.gradient.d_hidden_ND).all().item<bool>());
}

TEST(Objective, TinyMassKeepsItsGradientExceptWhereTheReleasedCodeClamps) {
  Problem problem = make_problem(at::kFloat);
  problem.head_VD.mul_(200);  // probabilities far below the smallest float32
  problem.targets.concepts = {{1, {{9}, {4}}}};
  for (const std::string loss : {"paper", "blended"}) {
    const ObjectiveOptions options = options_with(loss, 1);
    const auto denominators = count_terms(problem.targets, options);
    const auto result = evaluate_objective(problem.hidden_ND, problem.head_VD, problem.targets, denominators,
                                           options, Gradient::hidden);
    const double gradient = result.gradient.d_hidden_ND[1].abs().max().item<double>();
    if (loss == "paper") {
      EXPECT_GT(result.sums.concept_loss, 100);
      EXPECT_GT(gradient, 0);
    } else {
      EXPECT_NEAR(result.sums.concept_loss, -std::log(1e-9), 1e-9);
      EXPECT_EQ(gradient, 0);
    }
  }
}

TEST(Objective, ChunksMakeNoDifference) {
  // A vocabulary so large that the rows need several chunks.
  at::manual_seed(5);
  constexpr std::int64_t kRows = 18, kLarge = 270'000;
  const at::Tensor hidden_ND = at::randn({kRows, 2}, at::kDouble),
                   head_VD = at::randn({kLarge, 2}, at::kDouble);
  Targets targets;
  for (std::int64_t r = 0; r < kRows; ++r) {
    targets.rows.push_back(r);
    targets.next_tokens.push_back(static_cast<std::int32_t>(r * 15'001));
    if (r % 3 == 0) targets.concepts.push_back({r, {{static_cast<std::int32_t>(r * 15'001)}, {5}}});
  }
  const ObjectiveOptions options;
  const auto denominators = count_terms(targets, options);
  const at::Tensor leaf_ND = hidden_ND.clone().set_requires_grad(true);
  plain_loss(leaf_ND, head_VD, targets, options).backward();
  const auto result =
      evaluate_objective(hidden_ND, head_VD, targets, denominators, options, Gradient::hidden);
  EXPECT_TRUE(at::allclose(result.gradient.d_hidden_ND, leaf_ND.grad(), 1e-10, 1e-12));
}

}  // namespace
}  // namespace conceptune::training
