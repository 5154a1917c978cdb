#include "conceptune/runtime/model/decoder.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/runtime/model/golden.h"
#include "tests/runtime/model/golden_gguf.h"
#include "tests/runtime/model/random_model.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::model {
namespace {

constexpr double kRounding = 1e-5;  // of the largest value

at::Tensor rows_of(const at::Tensor& hidden_ND, const PackedBatch& batch, std::int64_t sequence) {
  return hidden_ND.slice(0, batch.starts[sequence], batch.starts[sequence + 1]);
}

TEST(Decoder, PackedEqualsOneByOne) {
  const Decoder decoder = test::small_decoder();
  const PackedBatch batch = test::random_batch({7, 1, 12, 3}, 50);
  const at::Tensor packed_ND = decoder.forward(batch);
  for (std::int64_t s = 0; s < batch.sequences(); ++s) {
    PackedBatch alone;
    alone.append(std::span(batch.tokens).subspan(batch.starts[s], batch.length(s)));
    EXPECT_LT(test::relative_difference(rows_of(packed_ND, batch, s), decoder.forward(alone)), kRounding);
  }
}

TEST(Decoder, LaterTokensDoNotChangeEarlierOnes) {
  const Decoder decoder = test::small_decoder();
  PackedBatch batch = test::random_batch({10}, 50);
  const at::Tensor before_ND = decoder.forward(batch).slice(0, 0, 6);
  batch.tokens[6] = (batch.tokens[6] + 1) % 50;
  const at::Tensor after_ND = decoder.forward(batch);
  EXPECT_LT(test::relative_difference(after_ND.slice(0, 0, 6), before_ND), kRounding);
  EXPECT_FALSE(after_ND[6].equal(decoder.forward(test::random_batch({10}, 50))[6]));
}

TEST(Decoder, GivesTheSameBitsAgain) {
  const Decoder decoder = test::small_decoder();
  const PackedBatch batch = test::random_batch({9, 4}, 50);
  EXPECT_TRUE(decoder.forward(batch).equal(decoder.forward(batch)));
}

TEST(Decoder, HiddenStatesEndWithForward) {
  const Decoder decoder = test::small_decoder();
  const PackedBatch batch = test::random_batch({5, 4}, 50);
  const auto states = decoder.hidden_states(batch);
  ASSERT_EQ(states.size(), 3U);
  EXPECT_TRUE(states.back().equal(decoder.forward(batch)));
  EXPECT_TRUE(states[1].equal(decoder.forward(batch, nullptr, {.layers = 1})));
  EXPECT_LT(test::relative_difference(decoder.project(states.back()),
                                      at::linear(states.back(), decoder.head().held())),
            kRounding);
}

TEST(Decoder, CompactMemoryGivesTheSameValues) {
  const PackedBatch batch = test::random_batch({5, 4}, 50);
  for (const bool fused : {false, true}) {
    const Decoder compact = test::small_decoder({.memory = WeightMemory::compact, .fused = fused});
    const at::Tensor hidden_ND = compact.forward(batch), expected_ND = test::small_decoder().forward(batch);
    EXPECT_LT(test::relative_difference(hidden_ND, expected_ND), kRounding);
    EXPECT_LT(
        test::relative_difference(compact.project(hidden_ND), test::small_decoder().project(expected_ND)),
        kRounding);
  }
}

TEST(Decoder, Bfloat16AgreesToItsPrecision) {
  const PackedBatch batch = test::random_batch({5, 4}, 50);
  const at::Tensor half_ND = test::small_decoder({.type = DataType::bfloat16}).forward(batch).to(at::kFloat);
  EXPECT_LT(test::relative_difference(half_ND, test::small_decoder().forward(batch)), 3e-2);
}

TEST(Decoder, AFreshAdapterChangesNothingAndATrainedOneDoes) {
  const Decoder decoder = test::small_decoder();
  const PackedBatch batch = test::random_batch({5, 4}, 50);
  const at::Tensor base_ND = decoder.forward(batch);
  const LoraOptions options = {.targets = {"all"}};
  EXPECT_TRUE(decoder.forward(batch, std::make_unique<LoraAdapter>(decoder.config(), options, 1).get())
                  .equal(base_ND));
  const auto trained = test::random_adapter(decoder.config(), options);
  EXPECT_GT(test::relative_difference(decoder.forward(batch, trained.get()), base_ND), 1e-2);
}

TEST(Decoder, AnAdapterEqualsItsMergedWeights) {
  const weights::ModelConfig config = test::small_config();
  const auto adapter = test::random_adapter(config, {.rank = 3, .alpha = 2, .targets = {"all"}});
  const auto load = test::random_weights(config);
  const Decoder merged(config, [&](std::string_view name, at::ScalarType type) {
    at::Tensor tensor = load(name, type);
    for (std::int64_t layer = 0; layer < config.layers; ++layer)
      for (const Projection projection : kProjections)
        if (name == module_name(layer, projection) + ".weight") {
          const LoraPair& pair = *adapter->find(layer, projection);
          tensor = (tensor + adapter->scaling(pair) * at::matmul(pair.b_OR, pair.a_RI)).detach();
        }
    return tensor;
  });
  const PackedBatch batch = test::random_batch({6, 2}, 50);
  EXPECT_LT(
      test::relative_difference(test::small_decoder().forward(batch, adapter.get()), merged.forward(batch)),
      kRounding);
}

TEST(Decoder, AdapterGradientsMatchFiniteDifferences) {
  const Decoder decoder = test::small_decoder();
  const PackedBatch batch = test::random_batch({5, 3}, 50);
  const auto adapter = test::random_adapter(decoder.config(), {.rank = 2, .targets = {"all"}});
  at::manual_seed(4);
  const at::Tensor direction_ND = at::randn({batch.size(), decoder.config().width});
  const auto loss = [&] {
    return (decoder.forward(batch, adapter.get()).to(at::kDouble) * direction_ND).sum();
  };
  loss().backward();
  constexpr double kStep = 1e-2;
  for (const auto& parameter : adapter->parameters()) {
    const at::NoGradGuard no_grad;
    const at::Tensor slope = at::randn(parameter.tensor.sizes());
    at::Tensor values = parameter.tensor;
    values.add_(kStep * slope);
    const double above = loss().item<double>();
    values.sub_(2 * kStep * slope);
    const double below = loss().item<double>();
    values.add_(kStep * slope);
    const double expected = (above - below) / (2 * kStep);
    const double actual = (values.grad() * slope).sum().item<double>();
    EXPECT_NEAR(actual, expected, 2e-2 * std::abs(expected) + 2e-2) << parameter.name;
  }
}

TEST(Decoder, DropoutActsInTrainingAloneAndByItsSeed) {
  const Decoder decoder = test::small_decoder();
  const PackedBatch batch = test::random_batch({8}, 50);
  const auto adapter = test::random_adapter(decoder.config(), {.dropout = 0.5});
  const auto pass = [&](bool training, std::uint64_t seed) {
    return decoder.forward(batch, adapter.get(), {.training = training, .dropout_seed = seed}).detach();
  };
  EXPECT_TRUE(pass(false, 1).equal(pass(false, 2)));
  EXPECT_TRUE(pass(true, 1).equal(pass(true, 1)));
  EXPECT_FALSE(pass(true, 1).equal(pass(true, 2)));
}

TEST(Decoder, RefusesBadBatches) { EXPECT_THROW(test::small_decoder().forward({{50}, {0, 1}}), InputError); }

// The bound that the project states for float32: relative to the largest logit.
constexpr double kReferenceBound = 1e-4;

class DecoderOfFamily : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Golden, DecoderOfFamily, testing::ValuesIn(test::kFamilies),
                         [](const auto& family) { return std::string(family.param); });

TEST_P(DecoderOfFamily, EqualsTransformers) {
  const test::GoldenModel golden(GetParam());
  const PackedBatch batch = {test::golden_ids(golden.values, "tokens"),
                             test::golden_ids(golden.values, "starts")};
  const auto states = golden.decoder.hidden_states(batch);
  ASSERT_EQ(static_cast<std::int64_t>(states.size()), golden.decoder.config().layers + 1);
  for (std::size_t i = 0; i < states.size(); ++i) {
    const at::Tensor expected_ND = golden.values.load("hidden." + std::to_string(i));
    EXPECT_LT(test::relative_difference(states[i], expected_ND), kReferenceBound) << "layer " << i;
  }
  const at::Tensor logits_NV = golden.decoder.project(golden.decoder.forward(batch));
  EXPECT_LT(test::relative_difference(logits_NV, golden.values.load("logits")), kReferenceBound);
  const at::Tensor last_rows = at::tensor(test::golden_ids(golden.values, "starts")).slice(0, 1) - 1;
  const at::Tensor log_probs_SV = at::log_softmax(logits_NV.index_select(0, last_rows), 1);
  EXPECT_LT(test::relative_difference(log_probs_SV, golden.values.load("last_log_probs")), kReferenceBound);
}

TEST_P(DecoderOfFamily, TheSameModelAsGgufEqualsTransformers) {
  const test::GoldenModel golden(GetParam());
  const test::TemporaryFolder folder;
  const auto gguf = folder.write("model.gguf", test::as_gguf(*weights::WeightStore::open(golden.folder)));
  const Decoder decoder(weights::WeightStore::open(gguf));
  const PackedBatch batch = {test::golden_ids(golden.values, "tokens"),
                             test::golden_ids(golden.values, "starts")};
  EXPECT_LT(test::relative_difference(decoder.project(decoder.forward(batch)), golden.values.load("logits")),
            kReferenceBound);
}

TEST_P(DecoderOfFamily, AdapterAndItsGradientsEqualPeft) {
  const test::GoldenModel golden(GetParam());
  const auto adapter = load_adapter(golden.folder / "adapter", golden.decoder.config());
  PackedBatch batch;
  const PackedBatch all = {test::golden_ids(golden.values, "tokens"),
                           test::golden_ids(golden.values, "starts")};
  at::Tensor loss = at::zeros({});
  std::int64_t predicted = 0;
  for (std::int64_t s = 0; s < all.sequences(); ++s)
    if (all.length(s) > 1) batch.append(std::span(all.tokens).subspan(all.starts[s], all.length(s)));
  const at::Tensor log_probs_NV =
      at::log_softmax(golden.decoder.project(golden.decoder.forward(batch, adapter.get())), 1);
  for (std::int64_t s = 0; s < batch.sequences(); ++s)
    for (std::int32_t i = batch.starts[s]; i + 1 < batch.starts[s + 1]; ++i, ++predicted)
      loss = loss - log_probs_NV[i][batch.tokens[i + 1]];
  loss = loss / predicted;
  EXPECT_NEAR(loss.item<double>(), golden.values.load("adapter_loss").item<double>(), 1e-5);
  loss.backward();
  for (const auto& parameter : adapter->parameters())
    EXPECT_LT(
        test::relative_difference(parameter.tensor.grad(), golden.values.load("gradient." + parameter.name)),
        kReferenceBound)
        << parameter.name;
  const at::Tensor last_logits = golden.decoder.project(
      rows_of(golden.decoder.forward(batch, adapter.get()), batch, batch.sequences() - 1));
  EXPECT_LT(test::relative_difference(last_logits, golden.values.load("adapter_logits")), kReferenceBound);
}

TEST(Decoder, ABranchIsTheTextWrittenOut) {
  for (const bool fused : {false, true}) {
    const Decoder decoder = test::small_decoder({.fused = fused});
    const at::NoGradGuard no_grad;
    const PackedBatch plain = test::random_batch({80, 7}, 50);
    PackedBatch branching;
    branching.append(std::span(plain.tokens).first(80));
    branching.append_branch(70, std::vector<std::int32_t>{1, 2, 3});
    branching.append_branch(70, std::vector<std::int32_t>{4, 5});
    branching.append(std::span(plain.tokens).last(7));
    PackedBatch written_out;
    written_out.append(std::span(plain.tokens).first(70));
    written_out.tokens.insert(written_out.tokens.end(), {4, 5});
    written_out.starts.back() = 72;
    const at::Tensor hidden_ND = decoder.forward(branching), expected_ND = decoder.forward(plain);
    EXPECT_LT(test::relative_difference(hidden_ND.slice(0, 0, 80), expected_ND.slice(0, 0, 80)), 1e-6);
    EXPECT_LT(test::relative_difference(hidden_ND.slice(0, 85), expected_ND.slice(0, 80)), 1e-6);
    const at::Tensor branch_ND = decoder.forward(written_out).slice(0, 70);
    EXPECT_LT(test::relative_difference(hidden_ND.slice(0, 83, 85), branch_ND), 1e-5);
  }
}

TEST(DecoderOfSmolLm2, EqualsTransformers) {
  CONCEPTUNE_REQUIRE(test::input("SmolLM2-135M-Instruct.Q4_1.gguf"));
  const weights::SafetensorsFile golden(test::source("tests/reference/model/smollm2.safetensors"));
  const Decoder decoder(weights::WeightStore::open(test::input("SmolLM2-135M-Instruct.Q4_1.gguf")));
  PackedBatch batch;
  batch.append(test::golden_ids(golden, "tokens"));
  const at::NoGradGuard no_grad;
  const auto states = decoder.hidden_states(batch);
  const at::Tensor expected_LD = golden.load("last_states");
  for (std::size_t i = 0; i < states.size(); ++i)
    EXPECT_LT(test::relative_difference(states[i][-1], expected_LD[static_cast<std::int64_t>(i)]),
              kReferenceBound)
        << "layer " << i;
  const at::Tensor logits_NV = decoder.project(states.back());
  const double largest = golden.load("largest_logit").item<double>();
  EXPECT_NEAR(logits_NV.abs().max().item<double>(), largest, kReferenceBound * largest);
  const at::Tensor difference = logits_NV.slice(1, 0, c10::nullopt, 61) - golden.load("every_61st_logit");
  EXPECT_LT(difference.abs().max().item<double>(), kReferenceBound * largest);
  const at::Tensor log_probs = at::log_softmax(logits_NV, 1).gather(1, golden.load("top_ids", at::kLong));
  EXPECT_LT((log_probs - golden.load("top_log_probs")).abs().max().item<double>(), kReferenceBound * largest);
}

}  // namespace
}  // namespace conceptune::model
