#include "conceptune/runtime/model/decoder.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/runtime/model/golden.h"
#include "tests/runtime/model/golden_gguf.h"
#include "tests/runtime/model/pass_outcome.h"
#include "tests/runtime/model/random_model.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::model {
namespace {

constexpr double kRounding = 1e-5;  // of the largest value

Matrix rows_of_sequence(const Matrix& hidden_ND, const PackedBatch& batch, std::int64_t sequence) {
  return rows_of(hidden_ND, batch.starts[sequence], batch.length(sequence));
}

TEST(Decoder, PackedEqualsOneByOne) {
  const Decoder decoder = test::small_decoder();
  const PackedBatch batch = test::random_batch({7, 1, 12, 3}, 50);
  const Matrix packed_ND = decoder.forward(batch);
  for (std::int64_t s = 0; s < batch.sequences(); ++s) {
    PackedBatch alone;
    alone.append(std::span(batch.tokens).subspan(batch.starts[s], batch.length(s)));
    EXPECT_LT(test::relative_difference(rows_of_sequence(packed_ND, batch, s), decoder.forward(alone)),
              kRounding);
  }
}

TEST(Decoder, LaterTokensDoNotChangeEarlierOnes) {
  const Decoder decoder = test::small_decoder();
  PackedBatch batch = test::random_batch({10}, 50);
  const Matrix before_ND = decoder.forward(batch);
  batch.tokens[6] = (batch.tokens[6] + 1) % 50;
  const Matrix after_ND = decoder.forward(batch);
  EXPECT_LT(test::relative_difference(rows_of(after_ND, 0, 6), rows_of(before_ND, 0, 6)), kRounding);
  EXPECT_FALSE(test::equal(rows_of(after_ND, 6, 1), rows_of(before_ND, 6, 1)));
}

TEST(Decoder, GivesTheSameBitsAgain) {
  const Decoder decoder = test::small_decoder();
  const PackedBatch batch = test::random_batch({9, 4}, 50);
  EXPECT_TRUE(test::equal(decoder.forward(batch), decoder.forward(batch)));
}

TEST(Decoder, HiddenStatesEndWithForward) {
  const Decoder decoder = test::small_decoder();
  const PackedBatch batch = test::random_batch({5, 4}, 50);
  const auto states = decoder.hidden_states(batch);
  ASSERT_EQ(states.size(), 3U);
  EXPECT_TRUE(test::equal(states.back(), decoder.forward(batch)));
  EXPECT_TRUE(test::equal(states[1], decoder.forward(batch, nullptr, {.layers = 1})));
  EXPECT_TRUE(test::equal(states[0], decoder.forward(batch, nullptr, {.layers = 0})));
  EXPECT_LT(test::relative_difference(decoder.project(states.back()),
                                      test::product(states.back(), decoder.head().whole(), true)),
            kRounding);
}

TEST(Decoder, CompactMemoryGivesTheSameValues) {
  const PackedBatch batch = test::random_batch({5, 4}, 50);
  const Decoder compact = test::small_decoder({.memory = WeightMemory::compact});
  const Matrix hidden_ND = compact.forward(batch), expected_ND = test::small_decoder().forward(batch);
  EXPECT_LT(test::relative_difference(hidden_ND, expected_ND), kRounding);
  EXPECT_LT(test::relative_difference(compact.project(hidden_ND), test::small_decoder().project(expected_ND)),
            kRounding);
}

TEST(Decoder, Bfloat16AgreesToItsPrecision) {
  const PackedBatch batch = test::random_batch({5, 4}, 50);
  const Matrix half_ND = test::small_decoder({.type = DataType::bfloat16}).forward(batch);
  EXPECT_LT(test::relative_difference(half_ND, test::small_decoder().forward(batch)), 3e-2);
}

TEST(Decoder, AFreshAdapterChangesNothingAndATrainedOneDoes) {
  const Decoder decoder = test::small_decoder();
  const PackedBatch batch = test::random_batch({5, 4}, 50);
  const Matrix base_ND = decoder.forward(batch);
  const LoraOptions options = {.targets = {"all"}};
  const LoraAdapter fresh(decoder.config(), options, 1);
  EXPECT_TRUE(test::equal(decoder.forward(batch, &fresh), base_ND));
  const auto trained = test::random_adapter(decoder.config(), options);
  EXPECT_GT(test::relative_difference(decoder.forward(batch, trained.get()), base_ND), 1e-2);
}

TEST(Decoder, AnAdapterEqualsItsMergedWeights) {
  const weights::ModelConfig config = test::small_config();
  const auto adapter = test::random_adapter(config, {.rank = 3, .alpha = 2, .targets = {"all"}});
  const auto load = test::random_weights(config);
  const Decoder merged(config, [&](std::string_view name) {
    Matrix matrix = load(name);
    for (std::int64_t layer = 0; layer < config.layers; ++layer)
      for (const Projection projection : kProjections)
        if (name == module_name(layer, projection) + ".weight") {
          const LoraPair& pair = *adapter->find(layer, projection);
          const Matrix change = test::product(pair.b_OR, pair.a_RI);
          for (std::int64_t i = 0; i < matrix.size(); ++i)
            matrix.values()[i] += static_cast<float>(adapter->scaling(pair)) * change.values()[i];
        }
    return matrix;
  });
  const PackedBatch batch = test::random_batch({6, 2}, 50);
  EXPECT_LT(
      test::relative_difference(test::small_decoder().forward(batch, adapter.get()), merged.forward(batch)),
      kRounding);
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
    const Matrix expected_ND = golden.values.load("hidden." + std::to_string(i));
    EXPECT_LT(test::relative_difference(states[i], expected_ND), kReferenceBound) << "layer " << i;
  }
  const Matrix logits_NV = golden.decoder.project(golden.decoder.forward(batch));
  EXPECT_LT(test::relative_difference(logits_NV, golden.values.load("logits")), kReferenceBound);
  std::vector<std::int64_t> last_rows;
  for (std::int64_t s = 0; s < batch.sequences(); ++s) last_rows.push_back(batch.starts[s + 1] - 1);
  const Matrix log_probs_SV = test::log_softmax(rows_of(logits_NV, last_rows));
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

/// Mean negative log-probability of every sequence's tokens but the first, and its gradient at the logits.
struct NextTokenLoss {
  NextTokenLoss(const PackedBatch& batch, const Matrix& logits_NV)
      : d_logits_NV(test::filled(logits_NV.rows(), logits_NV.width(), 0)) {
    const Matrix log_probs_NV = test::log_softmax(logits_NV);
    const double share = 1.0 / static_cast<double>(batch.size() - batch.sequences());
    for (std::int64_t s = 0; s < batch.sequences(); ++s)
      for (std::int32_t n = batch.starts[s]; n + 1 < batch.starts[s + 1]; ++n) {
        const std::int32_t next = batch.tokens[n + 1];
        value -= share * log_probs_NV.row(n)[next];
        for (std::int64_t v = 0; v < logits_NV.width(); ++v)
          d_logits_NV.row(n)[v] =
              static_cast<float>(share * (std::exp(log_probs_NV.row(n)[v]) - (v == next ? 1 : 0)));
      }
  }

  double value = 0;
  Matrix d_logits_NV;
};

TEST_P(DecoderOfFamily, AdapterAndItsGradientsEqualPeft) {
  const test::GoldenModel golden(GetParam());
  const auto adapter = load_adapter(golden.folder / "adapter", golden.decoder.config());
  PackedBatch batch;
  const PackedBatch all = {test::golden_ids(golden.values, "tokens"),
                           test::golden_ids(golden.values, "starts")};
  for (std::int64_t s = 0; s < all.sequences(); ++s)
    if (all.length(s) > 1) batch.append(std::span(all.tokens).subspan(all.starts[s], all.length(s)));
  const Matrix logits_NV = golden.decoder.project(golden.decoder.forward(batch, adapter.get()));
  const NextTokenLoss loss(batch, logits_NV);
  EXPECT_NEAR(loss.value, golden.values.load("adapter_loss").values()[0], 1e-5);
  EXPECT_LT(test::relative_difference(rows_of_sequence(logits_NV, batch, batch.sequences() - 1),
                                      golden.values.load("adapter_logits")),
            kReferenceBound);
  const auto gradients =
      test::run_pass(golden.decoder, batch, *adapter, golden.decoder.head().backward(loss.d_logits_NV))
          .gradients;
  const auto parameters = adapter->parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i)
    EXPECT_LT(test::relative_difference(gradients[i], golden.values.load("gradient." + parameters[i].name)),
              kReferenceBound)
        << parameters[i].name;
}

TEST(Decoder, ABranchIsTheTextWrittenOut) {
  const Decoder decoder = test::small_decoder();
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
  const Matrix hidden_ND = decoder.forward(branching), expected_ND = decoder.forward(plain);
  EXPECT_LT(test::relative_difference(rows_of(hidden_ND, 0, 80), rows_of(expected_ND, 0, 80)), 1e-6);
  EXPECT_LT(test::relative_difference(rows_of(hidden_ND, 85, 7), rows_of(expected_ND, 80, 7)), 1e-6);
  const Matrix branch_ND = rows_of(decoder.forward(written_out), 70, 2);
  EXPECT_LT(test::relative_difference(rows_of(hidden_ND, 83, 2), branch_ND), 1e-5);
}

TEST(DecoderOfSmolLm2, EqualsTransformers) {
  CONCEPTUNE_REQUIRE(test::input("SmolLM2-135M-Instruct.Q4_1.gguf"));
  const weights::SafetensorsFile golden(test::source("tests/reference/model/smollm2.safetensors"));
  const Decoder decoder(weights::WeightStore::open(test::input("SmolLM2-135M-Instruct.Q4_1.gguf")));
  PackedBatch batch;
  batch.append(test::golden_ids(golden, "tokens"));
  const auto states = decoder.hidden_states(batch);
  const Matrix expected_LD = golden.load("last_states");
  for (std::size_t i = 0; i < states.size(); ++i)
    EXPECT_LT(test::relative_difference(rows_of(states[i], batch.size() - 1, 1),
                                        rows_of(expected_LD, static_cast<std::int64_t>(i), 1)),
              kReferenceBound)
        << "layer " << i;
  const Matrix logits_NV = decoder.project(states.back()), log_probs_NV = test::log_softmax(logits_NV);
  const double largest = golden.load("largest_logit").values()[0], bound = kReferenceBound * largest;
  double our_largest = 0;
  for (const float logit : test::values_of(logits_NV))
    our_largest = std::max(our_largest, static_cast<double>(std::abs(logit)));
  EXPECT_NEAR(our_largest, largest, bound);
  const Matrix some_logits = golden.load("every_61st_logit"), top_log_probs = golden.load("top_log_probs");
  const std::vector<std::int32_t> top_ids = test::golden_ids(golden, "top_ids");
  for (std::int64_t n = 0; n < batch.size(); ++n) {
    for (std::int64_t i = 0; i < some_logits.width(); ++i)
      ASSERT_NEAR(logits_NV.row(n)[61 * i], some_logits.row(n)[i], bound);
    for (std::int64_t i = 0; i < top_log_probs.width(); ++i)
      ASSERT_NEAR(log_probs_NV.row(n)[top_ids[n * top_log_probs.width() + i]], top_log_probs.row(n)[i],
                  bound);
  }
}

}  // namespace
}  // namespace conceptune::model
