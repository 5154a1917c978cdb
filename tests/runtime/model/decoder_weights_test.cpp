#include "conceptune/runtime/model/decoder_weights.h"

#include <gtest/gtest.h>

#include <set>

#include "conceptune/base/error.h"
#include "tests/runtime/model/random_model.h"

namespace conceptune::model {
namespace {

/// Whether the numbers of one in float32 lie in memory.
bool is_held(const FrozenMatrix& matrix) {
  const Matrix first = matrix.whole(), second = matrix.whole();
  return first.values() == second.values();
}

TEST(DecoderWeights, LoadsEveryTensorOfTheFamilyOnceWhenExpanded) {
  weights::ModelConfig config = test::small_config();
  config.qkv_bias = config.qk_norm = true;
  std::multiset<std::string> loaded, expected;
  const auto load = test::random_weights(config);
  const DecoderWeights weights(config, {[&](std::string_view name) {
                                 loaded.emplace(name);
                                 return load(name);
                               }},
                               {});
  for (const auto& tensor : weights::expected_tensors(config)) expected.insert(tensor.name);
  EXPECT_EQ(loaded, expected);
  EXPECT_TRUE(weights.layer(1).bias(Projection::k).is_there());
  EXPECT_FALSE(weights.layer(1).bias(Projection::o).is_there());
}

TEST(DecoderWeights, CompactMemoryGivesTheSameMatricesAndHoldsNone) {
  const weights::ModelConfig config = test::small_config();
  int loads = 0;
  const auto load = test::random_weights(config);
  const DecoderWeights weights(config, {[&](std::string_view name) {
                                 ++loads;
                                 return load(name);
                               }},
                               {.memory = WeightMemory::compact});
  EXPECT_EQ(loads, 5);  // the norms
  const DecoderWeights expanded(config, {load}, {});
  EXPECT_TRUE(test::equal(weights.layer(1).matrix(Projection::up).whole(),
                          expanded.layer(1).matrix(Projection::up).whole()));
  for (const FrozenMatrix* matrix :
       {&weights.layer(1).matrix(Projection::up), &weights.head_VD(), &weights.embedding_VD()})
    EXPECT_FALSE(is_held(*matrix));
  EXPECT_EQ(loads, 5 + 1 + 3 * 2) << "whenever it is asked for";
}

TEST(DecoderWeights, TrainingLeavesThemAsStoredWhereOurKernelsRunAndNobodySaysOtherwise) {
  EXPECT_EQ(for_training({}).memory, WeightMemory::compact);
  EXPECT_EQ(for_training({.memory = WeightMemory::expanded}).memory, WeightMemory::expanded);
  EXPECT_EQ(for_training({.fused = false}).memory, WeightMemory::automatic);
  EXPECT_EQ(for_training({.device = "cuda:0"}).memory, WeightMemory::automatic);
  const weights::ModelConfig config = test::small_config();
  const DecoderWeights weights(config, {test::random_weights(config)}, {});
  EXPECT_TRUE(is_held(weights.head_VD()));
}

TEST(DecoderWeights, Bfloat16IsRoundedFromFloat32OrGivenSo) {
  const weights::ModelConfig config = test::small_config();
  const auto load = test::random_weights(config);
  const DecoderWeights rounded(config, {load}, {.type = DataType::bfloat16});
  const DecoderWeights given(
      config,
      {.load = load, .load_rounded = [&](std::string_view name) { return test::rounded(load(name)); }},
      {.type = DataType::bfloat16});
  const Matrix expected = test::widened(test::rounded(load(module_name(1, Projection::up) + ".weight")));
  EXPECT_TRUE(test::equal(rounded.layer(1).matrix(Projection::up).whole(), expected));
  EXPECT_TRUE(test::equal(given.layer(1).matrix(Projection::up).whole(), expected));
  EXPECT_EQ(rounded.products(), fastest_products());
}

TEST(DecoderWeights, ATiedHeadIsTheEmbedding) {
  weights::ModelConfig config = test::small_config();
  config.tied_head = true;
  const DecoderWeights weights(config, {test::random_weights(config)}, {});
  EXPECT_EQ(weights.head_VD().whole().values(), weights.embedding_VD().whole().values());
}

TEST(DecoderWeights, RefusesTensorsOfAnotherModel) {
  const weights::ModelConfig config = test::small_config();
  weights::ModelConfig wider = config;
  wider.mlp_width += 8;
  EXPECT_THROW(
      DecoderWeights(wider,
                     {.load = test::random_weights(config),
                      .stored = [](std::string_view) { return FrozenMatrix(test::filled(3, 2, 0)); }},
                     {.memory = WeightMemory::compact}),
      InputError);
  EXPECT_THROW(DecoderWeights(wider, {test::random_weights(config)}, {}), InputError);
}

}  // namespace
}  // namespace conceptune::model
