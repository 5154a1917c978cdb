#include "conceptune/runtime/model/fused_layer.h"

#include <gtest/gtest.h>

#include "conceptune/runtime/matrices/threads.h"
#include "tests/runtime/model/golden.h"
#include "tests/runtime/model/random_model.h"

namespace conceptune::model {
namespace {

struct Outcome {
  at::Tensor hidden_ND;
  std::vector<at::Tensor> gradients;
};

/// A forward and a backward pass, by our kernels or by libtorch's operations.
Outcome run(const weights::ModelConfig& config, const LoraOptions& lora, const DecoderOptions& options,
            const PackedBatch& batch, bool recompute = false) {
  const Decoder decoder(config, test::random_weights(config), options);
  const auto adapter = test::random_adapter(config, lora);
  const at::Tensor hidden_ND =
      decoder.forward(batch, adapter.get(), {.training = true, .dropout_seed = 9, .recompute = recompute});
  at::manual_seed(6);
  (hidden_ND * at::randn(hidden_ND.sizes())).sum().backward();
  Outcome outcome = {hidden_ND.detach(), {}};
  for (const auto& parameter : adapter->parameters()) outcome.gradients.push_back(parameter.tensor.grad());
  return outcome;
}

/// Two branches at the end of the longest sequence, one at that of the last.
PackedBatch branching_batch(std::int64_t vocabulary) {
  PackedBatch batch = test::random_batch({70, 1, 130}, vocabulary);
  batch.append_branch(90, std::vector<std::int32_t>{3, 4, 5});
  batch.append_branch(1, std::vector<std::int32_t>{6});
  const PackedBatch last = test::random_batch({9}, vocabulary);
  batch.append(last.tokens);
  batch.append_branch(8, std::vector<std::int32_t>{7, 8});
  return batch;
}

void expect_fused_equals_plain(const weights::ModelConfig& config, const LoraOptions& lora,
                               const DecoderOptions& fused = {}, bool branching = false) {
  const PackedBatch batch =
      branching ? branching_batch(config.vocabulary) : test::random_batch({70, 1, 130, 9}, config.vocabulary);
  const Outcome plain = run(config, lora, {.fused = false}, batch), ours = run(config, lora, fused, batch);
  EXPECT_LT(test::relative_difference(ours.hidden_ND, plain.hidden_ND), 1e-5);
  for (std::size_t i = 0; i < plain.gradients.size(); ++i)
    EXPECT_LT(test::relative_difference(ours.gradients[i], plain.gradients[i]), 5e-5) << "parameter " << i;
}

TEST(FusedLayer, EqualsThePlainOperations) {
  expect_fused_equals_plain(test::small_config(), {.targets = {"all"}});
}

TEST(FusedLayer, EqualsThemWithSomeTargetsOnly) {
  expect_fused_equals_plain(test::small_config(), {.rank = 1, .targets = {"v_proj", "up_proj"}});
}

TEST(FusedLayer, EqualsThemWithBiasesAndHeadNorms) {
  weights::ModelConfig config = test::small_config();
  config.qkv_bias = config.qk_norm = true;
  expect_fused_equals_plain(config, {.targets = {"all"}});
}

TEST(FusedLayer, EqualsThemWithDropout) {
  expect_fused_equals_plain(test::small_config(), {.dropout = 0.3, .targets = {"all"}});
}

TEST(FusedLayer, EqualsThemWithCompactWeights) {
  expect_fused_equals_plain(test::small_config(), {.targets = {"all"}}, {.memory = WeightMemory::compact});
}

TEST(FusedLayer, EqualsThemWithBranches) {
  expect_fused_equals_plain(test::small_config(), {.targets = {"all"}}, {}, true);
}

/// Root of the mean square difference, relative to the expected values'.
double distance(const at::Tensor& actual, const at::Tensor& expected) {
  return ((actual - expected).norm() / expected.norm()).item<double>();
}

// Its residual stream, norms and attention are in float32: no farther from the truth than where nothing is.
TEST(FusedLayer, Bfloat16IsAsExactAsThePlainOperationsInIt) {
  weights::ModelConfig config = test::small_config();
  config.qkv_bias = config.qk_norm = true;
  const PackedBatch batch = test::random_batch({70, 1, 130, 9}, config.vocabulary);
  const LoraOptions lora = {.targets = {"all"}};
  const Outcome exact = run(config, lora, {.fused = false}, batch);
  const Outcome plain = run(config, lora, {.type = DataType::bfloat16, .fused = false}, batch);
  for (const WeightMemory memory : {WeightMemory::expanded, WeightMemory::compact}) {
    const Outcome ours = run(config, lora, {.type = DataType::bfloat16, .memory = memory}, batch);
    EXPECT_LT(distance(ours.hidden_ND, exact.hidden_ND),
              distance(plain.hidden_ND.to(at::kFloat), exact.hidden_ND));
    for (std::size_t i = 0; i < exact.gradients.size(); ++i)
      EXPECT_LT(distance(ours.gradients[i], exact.gradients[i]),
                1.1 * distance(plain.gradients[i], exact.gradients[i]))
          << "parameter " << i;
  }
}

class FusedLayerOfFamily : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Golden, FusedLayerOfFamily, testing::ValuesIn(test::kFamilies),
                         [](const auto& family) { return std::string(family.param); });

TEST_P(FusedLayerOfFamily, EqualsThePlainOperationsFromItsFileInEveryMemoryAndType) {
  const auto store = weights::WeightStore::open(test::source("tests/reference/model") / GetParam());
  const PackedBatch batch = test::random_batch({33, 1, 80}, store->config().vocabulary);
  const auto adapter = test::random_adapter(store->config(), {.targets = {"all"}});
  const auto run_with = [&](const DecoderOptions& options) {
    const Decoder decoder(store, options);
    const at::Tensor logits_NV = decoder.project(decoder.forward(batch, adapter.get()));
    for (const auto& parameter : adapter->parameters()) parameter.tensor.mutable_grad().reset();
    at::manual_seed(3);
    (logits_NV * at::randn(logits_NV.sizes())).sum().backward();
    return std::pair(logits_NV.detach(), adapter->parameters().front().tensor.grad());
  };
  const auto [logits_NV, d_parameter] = run_with({.fused = false});
  const auto [rounded_NV, rounded_d_parameter] = run_with({.type = DataType::bfloat16, .fused = false});
  for (const WeightMemory memory : {WeightMemory::expanded, WeightMemory::compact}) {
    const auto [ours_NV, our_d_parameter] = run_with({.memory = memory});
    EXPECT_LT(test::relative_difference(ours_NV, logits_NV), 1e-5);
    EXPECT_LT(test::relative_difference(our_d_parameter, d_parameter), 5e-5);
    const auto [halves_NV, halves_d_parameter] = run_with({.type = DataType::bfloat16, .memory = memory});
    EXPECT_LT(distance(halves_NV, logits_NV), distance(rounded_NV, logits_NV));
    EXPECT_LT(distance(halves_d_parameter, d_parameter), 1.1 * distance(rounded_d_parameter, d_parameter));
  }
}

TEST(FusedLayer, GivesTheSameBitsAgainAndTheSameValuesOnOneThread) {
  const PackedBatch batch = test::random_batch({70, 90}, 50);
  const int before = threads();
  set_threads(2);
  const Outcome first = run(test::small_config(), {}, {}, batch),
                second = run(test::small_config(), {}, {}, batch);
  set_threads(1);
  const Outcome alone = run(test::small_config(), {}, {}, batch);
  set_threads(before);
  EXPECT_TRUE(first.hidden_ND.equal(second.hidden_ND));
  EXPECT_LT(test::relative_difference(alone.hidden_ND, first.hidden_ND), 1e-5);
  for (std::size_t i = 0; i < first.gradients.size(); ++i) {
    EXPECT_TRUE(first.gradients[i].equal(second.gradients[i])) << "parameter " << i;
    EXPECT_LT(test::relative_difference(alone.gradients[i], first.gradients[i]), 5e-5) << "parameter " << i;
  }
}

TEST(FusedLayer, RecomputingGivesTheSameBits) {
  weights::ModelConfig config = test::small_config();
  config.qkv_bias = config.qk_norm = true;
  const LoraOptions lora = {.dropout = 0.3, .targets = {"all"}};
  const PackedBatch batch = test::random_batch({70, 1, 130, 9}, config.vocabulary);
  const Outcome kept = run(config, lora, {}, batch), recomputed = run(config, lora, {}, batch, true);
  EXPECT_TRUE(recomputed.hidden_ND.equal(kept.hidden_ND));
  for (std::size_t i = 0; i < kept.gradients.size(); ++i)
    EXPECT_TRUE(recomputed.gradients[i].equal(kept.gradients[i])) << "parameter " << i;
}

TEST(FusedLayer, WithoutGradModeNothingIsKept) {
  const PackedBatch batch = test::random_batch({20}, 50);
  const Decoder decoder = test::small_decoder();
  const auto adapter = test::random_adapter(decoder.config(), {});
  EXPECT_TRUE(decoder.forward(batch, adapter.get()).requires_grad());
  const at::NoGradGuard no_grad;
  EXPECT_FALSE(decoder.forward(batch, adapter.get()).requires_grad());
}

}  // namespace
}  // namespace conceptune::model
