#include "conceptune/runtime/model/training_pass.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/runtime/model/pass_outcome.h"
#include "tests/runtime/model/random_model.h"

namespace conceptune::model {
namespace {

class TrainingPassTest : public testing::Test {
 protected:
  std::vector<float> added_to(std::vector<float> gradient, const LoraAdapter& adapter,
                              const TrainingPassOptions& options = {}) const {
    TrainingPass(decoder_, batch_, adapter, options).backward(d_hidden_ND_, gradient);
    return gradient;
  }
  std::vector<float> gradient_of(const LoraAdapter& adapter, const TrainingPassOptions& options = {}) const {
    const auto size = static_cast<std::size_t>(adapter.parameter_count());
    return added_to(std::vector<float>(size), adapter, options);
  }

  const Decoder decoder_ = test::small_decoder();
  const PackedBatch batch_ = test::random_batch({70, 1, 9}, 50);
  const Matrix d_hidden_ND_ = test::random_matrix(80, 24, 6);
};

TEST_F(TrainingPassTest, ItsStatesAreTheForwardPasses) {
  const auto adapter = test::random_adapter(decoder_.config(), {.targets = {"all"}});
  for (const bool recompute : {false, true}) {
    const TrainingPass pass(decoder_, batch_, *adapter, {.recompute = recompute});
    EXPECT_TRUE(test::equal(pass.hidden_ND(), decoder_.forward(batch_, adapter.get())));
  }
}

TEST_F(TrainingPassTest, AddsToTheGradient) {
  const auto adapter = test::random_adapter(decoder_.config(), {.targets = {"all"}});
  const std::vector<float> alone = gradient_of(*adapter);
  std::vector<float> expected(alone.size()), before(alone.size());
  for (std::size_t i = 0; i < alone.size(); ++i) {
    before[i] = static_cast<float>(i % 7);
    expected[i] = before[i] + alone[i];
  }
  EXPECT_EQ(added_to(before, *adapter), expected);
}

TEST_F(TrainingPassTest, RecomputingGivesTheSameBits) {
  const auto adapter = test::random_adapter(decoder_.config(), {.dropout = 0.3, .targets = {"all"}});
  EXPECT_EQ(gradient_of(*adapter, {.dropout_seed = 2, .recompute = true}),
            gradient_of(*adapter, {.dropout_seed = 2}));
}

TEST_F(TrainingPassTest, DropsByTheSeedAndWithoutOneNothing) {
  const auto dropping = test::random_adapter(decoder_.config(), {.dropout = 0.5}),
             keeping = test::random_adapter(decoder_.config(), {});
  EXPECT_TRUE(test::equal(decoder_.forward(batch_, dropping.get()), decoder_.forward(batch_, keeping.get())));
  EXPECT_EQ(gradient_of(*dropping), gradient_of(*keeping));
  EXPECT_EQ(gradient_of(*dropping, {.dropout_seed = 1}), gradient_of(*dropping, {.dropout_seed = 1}));
  EXPECT_NE(gradient_of(*dropping, {.dropout_seed = 1}), gradient_of(*dropping, {.dropout_seed = 2}));
  EXPECT_NE(gradient_of(*dropping, {.dropout_seed = 1}), gradient_of(*keeping));
}

// Layers before the first adapted one keep nothing; the gradients behind them are those of the same matrices
// among others that change nothing.
TEST_F(TrainingPassTest, LayersBeforeTheFirstAdaptedOneChangeNothing) {
  const auto all = test::random_adapter(decoder_.config(), {.targets = {"all"}});
  std::map<Projection, LoraPair> first, second;
  for (const Projection projection : kProjections) {
    const LoraPair& pair = *all->find(0, projection);
    first[projection] = {pair.a_RI, test::filled(pair.b_OR.rows(), pair.b_OR.width(), 0), pair.alpha};
    second[projection] = *all->find(1, projection);
  }
  const LoraAdapter with_idle_first(all->options(), {first, second}),
      second_alone(all->options(), {{}, second});
  const std::vector<float> whole = gradient_of(with_idle_first), alone = gradient_of(second_alone);
  ASSERT_LT(alone.size(), whole.size());
  EXPECT_EQ(alone, std::vector<float>(whole.end() - std::ssize(alone), whole.end()));
  EXPECT_EQ(gradient_of(second_alone, {.recompute = true}), alone);
}

TEST_F(TrainingPassTest, AnAdapterOfTheFirstLayerAloneHasItsPart) {
  const auto all = test::random_adapter(decoder_.config(), {.targets = {"all"}});
  std::map<Projection, LoraPair> first, second;
  for (const Projection projection : kProjections) {
    const LoraPair& pair = *all->find(1, projection);
    second[projection] = {pair.a_RI, test::filled(pair.b_OR.rows(), pair.b_OR.width(), 0), pair.alpha};
    first[projection] = *all->find(0, projection);
  }
  const LoraAdapter with_idle_second(all->options(), {first, second}),
      first_alone(all->options(), {first, {}});
  const std::vector<float> whole = gradient_of(with_idle_second), alone = gradient_of(first_alone);
  const std::vector<float> part(whole.begin(), whole.begin() + std::ssize(alone));
  const auto as_matrix = [](std::vector<float> row) { return test::matrix_of({std::move(row)}); };
  EXPECT_LT(test::relative_difference(as_matrix(alone), as_matrix(part)), 1e-5);
}

TEST_F(TrainingPassTest, RefusesBadBatches) {
  const auto adapter = test::random_adapter(decoder_.config(), {});
  EXPECT_THROW(TrainingPass(decoder_, {{50}, {0, 1}}, *adapter), InputError);
}

}  // namespace
}  // namespace conceptune::model
