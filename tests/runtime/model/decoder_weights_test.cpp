#include "conceptune/runtime/model/decoder_weights.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/runtime/model/random_model.h"

namespace conceptune::model {
namespace {

TEST(DecoderWeights, LoadsEveryTensorOfTheFamilyOnceWhenExpanded) {
  weights::ModelConfig config = test::small_config();
  config.qkv_bias = config.qk_norm = true;
  std::multiset<std::string> loaded, expected;
  const auto load = test::random_weights(config);
  const DecoderWeights weights(config, {[&](std::string_view name, at::ScalarType type) {
                                 loaded.emplace(name);
                                 return load(name, type);
                               }},
                               {});
  for (const auto& tensor : weights::expected_tensors(config)) expected.insert(tensor.name);
  EXPECT_EQ(loaded, expected);
  EXPECT_TRUE(weights.layer(1).bias(Projection::k).defined());
  EXPECT_FALSE(weights.layer(1).bias(Projection::o).defined());
}

TEST(DecoderWeights, CompactMemoryGivesTheSameMatricesAndHoldsNone) {
  const weights::ModelConfig config = test::small_config();
  int loads = 0;
  const auto load = test::random_weights(config);
  const DecoderWeights weights(config, {[&](std::string_view name, at::ScalarType type) {
                                 ++loads;
                                 return load(name, type);
                               }},
                               {.memory = WeightMemory::compact});
  EXPECT_EQ(loads, 5);  // the norms
  const DecoderWeights expanded(config, {load}, {});
  EXPECT_FALSE(weights.layer(1).matrix(Projection::up).held().defined());
  EXPECT_TRUE(weights.layer(1)
                  .matrix(Projection::up)
                  .whole(at::kFloat)
                  .equal(expanded.layer(1).matrix(Projection::up).held()));
  EXPECT_FALSE(weights.head_VD().held().defined() || weights.embedding_VD().held().defined());
}

TEST(DecoderWeights, TrainingLeavesThemAsStoredWhereOurKernelsRunAndNobodySaysOtherwise) {
  EXPECT_EQ(for_training({}).memory, WeightMemory::compact);
  EXPECT_EQ(for_training({.memory = WeightMemory::expanded}).memory, WeightMemory::expanded);
  EXPECT_EQ(for_training({.fused = false}).memory, WeightMemory::automatic);
  EXPECT_EQ(for_training({.device = "cuda:0"}).memory, WeightMemory::automatic);
  const weights::ModelConfig config = test::small_config();
  const DecoderWeights weights(config, {test::random_weights(config)}, {});
  EXPECT_TRUE(weights.head_VD().held().defined());
}

TEST(DecoderWeights, ATiedHeadIsTheEmbedding) {
  weights::ModelConfig config = test::small_config();
  config.tied_head = true;
  const DecoderWeights weights(config, {test::random_weights(config)}, {});
  EXPECT_TRUE(weights.head_VD().held().is_same(weights.embedding_VD().held()));
}

TEST(DecoderWeights, RefusesTensorsOfAnotherModelAndUnknownDevices) {
  const weights::ModelConfig config = test::small_config();
  weights::ModelConfig wider = config;
  wider.mlp_width += 8;
  EXPECT_THROW(DecoderWeights(wider,
                              {test::random_weights(config),
                               [](std::string_view) {
                                 return FrozenMatrix(at::zeros({3, 2}));
                               }},
                              {.memory = WeightMemory::compact}),
               InputError);
  EXPECT_THROW(DecoderWeights(wider, {test::random_weights(config)}, {}), InputError);
  EXPECT_THROW(DecoderWeights(config, {test::random_weights(config)}, {.device = "abacus"}), InputError);
}

}  // namespace
}  // namespace conceptune::model
