#include "conceptune/training/models/passes.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/support/doubles.h"
#include "tests/training/tiny_model.h"

namespace conceptune::training {
namespace {

using conceptune::test::matrix_of;
using test::no_gradient;
using test::tiny_passages;
using test::TinyModel;

void expect_close(const std::vector<float>& actual, const std::vector<float>& expected) {
  EXPECT_TRUE(conceptune::test::all_close(matrix_of({actual}), matrix_of({expected}), 1e-5, 1e-6));
}

TEST(AccumulateGradients, HowAnUpdateIsCutIntoBatchesMakesNoDifference) {
  const auto passages = tiny_passages(6, 3);
  for (const Loss& loss : Loss::all()) {
    ObjectiveOptions options;
    options.loss = loss;
    TinyModel model;
    model.drops = false;  // dropout follows a batch's shape
    std::vector<float> whole = no_gradient(), parts = no_gradient();
    const auto one = accumulate_gradients(model, passages, {{0, 1, 2, 3, 4, 5}}, options, {1, 0}, whole);
    const auto many = accumulate_gradients(model, passages, {{0, 1}, {2}, {3, 4, 5}}, options, {1, 0}, parts);
    EXPECT_EQ(one.tokens, many.tokens);
    EXPECT_NEAR(loss_of(one.sums, one.denominators, options), loss_of(many.sums, many.denominators, options),
                1e-6);
    expect_close(parts, whole);
    EXPECT_NE(whole, no_gradient());
  }
}

TEST(AccumulateGradients, SharesAddUpToTheWholeDropoutAndDrawsIncluded) {
  const auto passages = tiny_passages(6, 3);
  const UpdateBatches update = {{0, 1, 2}, {3, 4, 5}};
  for (const Loss& loss : Loss::all()) {
    ObjectiveOptions options;
    options.loss = loss;
    const TinyModel model;
    std::vector<float> whole = no_gradient(), shares = no_gradient();
    const auto all = accumulate_gradients(model, passages, update, options, {1, 0}, whole);
    auto sum = accumulate_gradients(model, passages, update, options, {1, 0}, shares, {0, 2});
    sum += accumulate_gradients(model, passages, update, options, {1, 0}, shares, {1, 2});
    EXPECT_EQ(sum.tokens, all.tokens);
    EXPECT_NEAR(sum.sums.concept_loss, all.sums.concept_loss, 1e-12);
    EXPECT_EQ(sum.denominators.next_token, all.denominators.next_token);
    expect_close(shares, whole);
  }
}

/// The options of next-synonym, and of what it is on average.
ObjectiveOptions drawn_options() {
  ObjectiveOptions options;
  options.loss = value_named<Loss>("next-synonym").value();
  return options;
}
ObjectiveOptions mean_options() {
  ObjectiveOptions options;
  options.loss = value_named<Loss>("soft-targets").value();
  options.soft_targets.own_share = 0;
  return options;
}

TEST(AccumulateGradients, EachEpochDrawsAnew) {
  const auto passages = tiny_passages(6, 3);
  const TinyModel model;
  const auto concept_loss = [&](const ObjectiveOptions& options, std::int64_t epoch) {
    std::vector<float> gradient = no_gradient();
    return accumulate_gradients(model, passages, {{0, 1, 2, 3, 4, 5}}, options, {1, 0, epoch}, gradient)
        .sums.concept_loss;
  };
  EXPECT_EQ(concept_loss(drawn_options(), 3), concept_loss(drawn_options(), 3));
  EXPECT_NE(concept_loss(drawn_options(), 3), concept_loss(drawn_options(), 4));
  EXPECT_EQ(concept_loss(mean_options(), 3), concept_loss(mean_options(), 4));
}

TEST(AccumulateGradients, DropoutIsDecidedBySeedAndUpdate) {
  const auto passages = tiny_passages(4, 3);
  const auto gradient = [&](std::uint64_t seed, std::int64_t update) {
    std::vector<float> sum = no_gradient();
    accumulate_gradients(TinyModel(), passages, {{0, 1}, {2, 3}}, {}, {seed, update}, sum);
    return sum;
  };
  EXPECT_EQ(gradient(1, 5), gradient(1, 5));
  EXPECT_NE(gradient(1, 5), gradient(1, 6));
  EXPECT_NE(gradient(1, 5), gradient(2, 5));
}

TEST(EvaluatePassages, NeverDropsOut) {
  const auto passages = tiny_passages(5, 3);
  const TinyModel model;
  const auto first = evaluate_passages(model, passages, {});
  const auto second = evaluate_passages(model, passages, {});
  EXPECT_EQ(first.sums.cross_entropy, second.sums.cross_entropy);
  EXPECT_EQ(first.sums.tokens + 5, static_cast<double>(first.tokens));
  TinyModel undropped;
  undropped.drops = false;
  std::vector<float> gradient = no_gradient();
  const auto trained = accumulate_gradients(undropped, passages, {{0, 1, 2, 3, 4}}, {}, {1, 0}, gradient);
  EXPECT_NEAR(first.sums.cross_entropy, trained.sums.cross_entropy, 1e-4);
}

TEST(EvaluatePassages, DrawsNothing) {
  const auto passages = tiny_passages(5, 3);
  const TinyModel model;
  const auto drawn = evaluate_passages(model, passages, drawn_options());
  EXPECT_GT(drawn.sums.concept_loss, 0);
  EXPECT_EQ(drawn.sums.concept_loss, evaluate_passages(model, passages, mean_options()).sums.concept_loss);
}

TEST(EvaluatePassages, StopsBetweenBatches) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(evaluate_passages(TinyModel(), tiny_passages(5, 3), {}, stop.get_token()), Interrupted);
}

TEST(MeansOf, AreDividedByTheirOwnCounts) {
  PassTotals totals;
  totals.sums.tokens = totals.denominators.next_token = 8;
  totals.sums.next_token_loss = totals.sums.cross_entropy = 16;
  totals.sums.content_words = totals.denominators.concept_words = 2;
  totals.sums.concept_loss = 3;
  totals.sums.rank = 9;
  const Json means = means_of(totals, {});
  EXPECT_EQ(means["loss"], 0.5 * 2 + 0.5 * 1.5);
  EXPECT_EQ(means["word_rank"], 4.5);
  EXPECT_EQ(means_of({}, {})["concept_mass"], 0);
}

}  // namespace
}  // namespace conceptune::training
