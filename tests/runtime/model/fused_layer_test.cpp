#include "conceptune/runtime/model/fused_layer.h"

#include <gtest/gtest.h>

#include "conceptune/runtime/model/threads.h"
#include "tests/runtime/model/random_model.h"

namespace conceptune::model {
namespace {

struct Outcome {
  at::Tensor hidden_ND;
  std::vector<at::Tensor> gradients;
};

/// A forward and a backward pass, by our kernels or by libtorch's operations.
Outcome run(const weights::ModelConfig& config, const LoraOptions& lora, const DecoderOptions& options,
            const PackedBatch& batch) {
  const Decoder decoder(config, test::random_weights(config), options);
  const auto adapter = test::random_adapter(config, lora);
  const at::Tensor hidden_ND = decoder.forward(batch, adapter.get(), {.training = true, .dropout_seed = 9});
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
