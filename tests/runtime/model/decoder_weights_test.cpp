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
  const DecoderWeights weights(config,
                               [&](std::string_view name, at::ScalarType type) {
                                 loaded.emplace(name);
                                 return load(name, type);
                               },
                               {});
  for (const auto& tensor : weights::expected_tensors(config)) expected.insert(tensor.name);
  EXPECT_EQ(loaded, expected);
  EXPECT_TRUE(weights.layer(1).bias(Projection::k).defined());
  EXPECT_FALSE(weights.layer(1).bias(Projection::o).defined());
}

TEST(DecoderWeights, CompactMemoryGivesTheSameLayersAndHoldsNone) {
  const weights::ModelConfig config = test::small_config();
  int loads = 0;
  const auto load = test::random_weights(config);
  const DecoderWeights weights(config,
                               [&](std::string_view name, at::ScalarType type) {
                                 ++loads;
                                 return load(name, type);
                               },
                               {.memory = WeightMemory::compact});
  EXPECT_EQ(loads, 3);  // embedding, final norm, head
  const DecoderWeights expanded(config, load, {});
  EXPECT_TRUE(weights.layer(1).weight(Projection::up).equal(expanded.layer(1).weight(Projection::up)));
}

TEST(DecoderWeights, ATiedHeadIsTheEmbedding) {
  weights::ModelConfig config = test::small_config();
  config.tied_head = true;
  const DecoderWeights weights(config, test::random_weights(config), {});
  EXPECT_TRUE(weights.head_VD().is_same(weights.embedding_VD()));
}

TEST(DecoderWeights, RefusesTensorsOfAnotherModelAndUnknownDevices) {
  const weights::ModelConfig config = test::small_config();
  weights::ModelConfig wider = config;
  wider.mlp_width += 8;
  EXPECT_THROW(DecoderWeights(wider, test::random_weights(config), {}), InputError);
  EXPECT_THROW(DecoderWeights(config, test::random_weights(config), {.device = "abacus"}), InputError);
}

}  // namespace
}  // namespace conceptune::model
