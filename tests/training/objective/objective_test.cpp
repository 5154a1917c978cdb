// The closed-form pass against the same objective written out over full logits, whose gradients are finite
// differences, and against its own definition (micro-batches, thresholds, empty terms).
#include "conceptune/training/objective/objective.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "tests/training/defined_objective.h"

namespace conceptune::training {
namespace {

using conceptune::test::all_close;
using conceptune::test::doubles_of;
using conceptune::test::slopes;
using test::Doubles;
using test::kVocabulary;
using test::make_problem;
using test::plain_loss;
using test::Problem;

ObjectiveResult evaluate(const Problem& problem, const Denominators& denominators,
                         const ObjectiveOptions& options, bool with_gradient = true,
                         const model::Matrix& d_head_VD = {}) {
  return evaluate_objective(problem.hidden_ND, problem.head_VD, problem.targets, denominators, options,
                            with_gradient, d_head_VD);
}

float largest(const float* values, std::int64_t count) {
  float largest = 0;
  for (std::int64_t i = 0; i < count; ++i) largest = std::max(largest, std::abs(values[i]));
  return largest;
}

float largest(const model::Matrix& matrix) { return largest(matrix.values(), matrix.size()); }

ObjectiveOptions options_with(std::string_view loss, double concept_weight) {
  ObjectiveOptions options;
  options.loss = value_named<Loss>(loss).value();
  options.concept_weight = concept_weight;
  options.soft_targets = {SynonymWeights::scores, 0.3};
  return options;
}

void expect_loss_and_gradients_as_defined(const ObjectiveOptions& options) {
  const Problem problem = make_problem();
  const Doubles hidden_ND = doubles_of(problem.hidden_ND), head_VD = doubles_of(problem.head_VD);
  const auto loss = [&] { return plain_loss(hidden_ND, head_VD, problem.targets, options); };

  const auto denominators = count_terms(problem.targets, options);
  // What is there is added to.
  const model::Matrix d_head_VD = conceptune::test::filled(kVocabulary, test::kWidth, 1);
  const auto result = evaluate(problem, denominators, options, true, d_head_VD);
  for (std::int64_t i = 0; i < d_head_VD.size(); ++i) d_head_VD.values()[i] -= 1;

  constexpr double kTolerance = 2e-5;
  EXPECT_NEAR(loss_of(result.sums, denominators, options), loss(), kTolerance);
  EXPECT_TRUE(all_close(result.d_hidden_ND, slopes(hidden_ND, loss), kTolerance, kTolerance));
  EXPECT_TRUE(all_close(d_head_VD, slopes(head_VD, loss), kTolerance, kTolerance));
}

TEST(Objective, EveryLossAndItsGradientsAreAsDefined) {
  for (const Loss& loss : Loss::all())
    for (const double concept_weight : {0.0, 0.4, 0.7, 1.0}) {
      SCOPED_TRACE(std::string(loss.name()) + " at " + std::to_string(concept_weight));
      expect_loss_and_gradients_as_defined(options_with(loss.name(), concept_weight));
    }
}

TEST(Objective, WithoutAGradientTheSumsAreTheSame) {
  const Problem problem = make_problem();
  const ObjectiveOptions options;
  const auto denominators = count_terms(problem.targets, options);
  const auto with = evaluate(problem, denominators, options);
  const auto without = evaluate(problem, denominators, options, false);
  EXPECT_FALSE(without.d_hidden_ND.is_there());
  EXPECT_EQ(loss_of(without.sums, denominators, options), loss_of(with.sums, denominators, options));
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
    const Problem problem = make_problem();
    const auto denominators = count_terms(problem.targets, options);
    const auto whole = evaluate(problem, denominators, options);
    ObjectiveSums sums;
    Denominators counted;
    const model::Matrix d_hidden_ND = conceptune::test::filled(test::kTokens, test::kWidth, 0);
    for (const auto& [begin, end] :
         {std::pair{0, 2}, {2, 3}, {3, 8}}) {  // unequal, the second without a word
      const Problem part = {problem.hidden_ND, problem.head_VD, part_of(problem.targets, begin, end)};
      counted += count_terms(part.targets, options);
      const auto result = evaluate(part, denominators, options);
      sums += result.sums;
      for (std::int64_t i = 0; i < d_hidden_ND.size(); ++i)
        d_hidden_ND.values()[i] += result.d_hidden_ND.values()[i];
    }
    EXPECT_EQ(counted.next_token, denominators.next_token);
    EXPECT_EQ(counted.concept_words, denominators.concept_words);
    EXPECT_NEAR(loss_of(sums, denominators, options), loss_of(whole.sums, denominators, options), 1e-6);
    EXPECT_TRUE(all_close(d_hidden_ND, whole.d_hidden_ND, 0, 1e-6));
  }
}

TEST(Objective, StatisticsDescribeTheContentWords) {
  const Problem problem = make_problem();
  const ObjectiveOptions options;
  const auto sums = evaluate(problem, count_terms(problem.targets, options), options, false).sums;
  const Doubles log_p_NV =
      test::log_probabilities(doubles_of(problem.hidden_ND), doubles_of(problem.head_VD));
  double mass = 0, rank = 0, entropy = 0, correct = 0;
  for (const auto& target : problem.targets.concepts) {
    const test::DefinedWord word = test::word_of(target, problem.targets, log_p_NV);
    const double* log_p_V = word.log_p_V;
    const double of_word = log_p_V[problem.targets.next_tokens[static_cast<std::size_t>(target.row)]];
    mass += word.mass();
    for (std::int64_t v = 0; v < kVocabulary; ++v) entropy -= std::exp(log_p_V[v]) * log_p_V[v];
    const auto better = std::count_if(log_p_V, log_p_V + kVocabulary, [&](double x) { return x > of_word; });
    rank += static_cast<double>(1 + better);
    correct += better == 0;
  }
  EXPECT_EQ(sums.tokens, 8);
  EXPECT_EQ(sums.content_words, 3);
  EXPECT_NEAR(sums.mass, mass, 1e-6);
  EXPECT_EQ(sums.rank, rank);
  EXPECT_NEAR(sums.entropy, entropy, 1e-5);
  EXPECT_EQ(sums.content_correct, correct);
  EXPECT_EQ(sums.above_target_mass, 1);
}

TEST(Objective, MassAboveTheTargetHasNoConceptGradient) {
  Problem problem = make_problem();
  problem.targets.concepts.erase(problem.targets.concepts.begin(), problem.targets.concepts.begin() + 2);
  ObjectiveOptions options;
  options.concept_weight = 1;
  const auto denominators = count_terms(problem.targets, options);
  const auto result = evaluate(problem, denominators, options);
  EXPECT_EQ(loss_of(result.sums, denominators, options), 0);
  EXPECT_EQ(largest(result.d_hidden_ND), 0);
}

TEST(Objective, BatchWithoutContentWordsHasNoConceptTerm) {
  Problem problem = make_problem();
  problem.targets.concepts.clear();
  const ObjectiveOptions options;
  const auto denominators = count_terms(problem.targets, options);
  const auto result = evaluate(problem, denominators, options);
  EXPECT_NEAR(loss_of(result.sums, denominators, options), 0.5 * result.sums.cross_entropy / 8, 1e-12);
  for (std::int64_t i = 0; i < result.d_hidden_ND.size(); ++i)
    EXPECT_TRUE(std::isfinite(result.d_hidden_ND.values()[i]));
}

TEST(Objective, TinyMassKeepsItsGradientExceptWhereTheReleasedCodeClamps) {
  Problem problem = make_problem();
  // Probabilities far below the smallest float32: those of the unlikeliest tokens.
  for (std::int64_t i = 0; i < problem.head_VD.size(); ++i) problem.head_VD.values()[i] *= 200;
  const Doubles log_p_NV =
      test::log_probabilities(doubles_of(problem.hidden_ND), doubles_of(problem.head_VD));
  const double* log_p_V = log_p_NV.row(1);
  std::vector<std::int32_t> ids(kVocabulary);
  std::iota(ids.begin(), ids.end(), 0);
  std::sort(ids.begin(), ids.end(), [&](auto a, auto b) { return log_p_V[a] < log_p_V[b]; });
  problem.targets.next_tokens[1] = ids[0];
  problem.targets.concepts = {{1, {{ids[0]}, {ids[1]}}}};
  for (const std::string loss : {"paper", "blended"}) {
    const ObjectiveOptions options = options_with(loss, 1);
    const auto denominators = count_terms(problem.targets, options);
    const auto result = evaluate(problem, denominators, options);
    const float gradient = largest(result.d_hidden_ND.row(1), test::kWidth);
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
  constexpr std::int64_t kRows = 18, kLarge = 1'200'000;
  Problem problem{
      conceptune::test::random_matrix(kRows, 2, 5), conceptune::test::random_matrix(kLarge, 2, 6), {}};
  ASSERT_LT(model::FrozenMatrix(problem.head_VD).rows_at_once(kChunkElements), kRows);
  for (std::int64_t r = 0; r < kRows; ++r) {
    const auto id = static_cast<std::int32_t>(r * 66'001);
    problem.targets.rows.push_back(r);
    problem.targets.next_tokens.push_back(id);
    if (r % 3 == 0) problem.targets.concepts.push_back({r, {{id}, {5}}});
  }
  const ObjectiveOptions options;
  const auto denominators = count_terms(problem.targets, options);
  const auto whole = evaluate(problem, denominators, options);
  ObjectiveSums sums;
  for (std::int64_t r = 0; r < kRows; ++r) {
    const auto alone = evaluate({problem.hidden_ND, problem.head_VD, part_of(problem.targets, r, r + 1)},
                                denominators, options);
    sums += alone.sums;
    EXPECT_TRUE(all_close(model::rows_of(whole.d_hidden_ND, r, 1), model::rows_of(alone.d_hidden_ND, r, 1),
                          1e-5, 1e-7));
  }
  EXPECT_NEAR(loss_of(whole.sums, denominators, options), loss_of(sums, denominators, options), 1e-6);
}

}  // namespace
}  // namespace conceptune::training
