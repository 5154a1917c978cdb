// Whole passes of small models, whose layers our kernels run, against the formulas in double precision.
#include "conceptune/runtime/model/decoder_layer.h"

#include <gtest/gtest.h>

#include "conceptune/runtime/matrices/threads.h"
#include "tests/runtime/model/golden.h"
#include "tests/runtime/model/pass_outcome.h"
#include "tests/runtime/model/random_model.h"
#include "tests/support/plain_decoder.h"

namespace conceptune::model {
namespace {

constexpr std::uint64_t kDropoutSeed = 9;

/// The gradient that passes are taken back from.
Matrix gradient_for(const PackedBatch& batch, const weights::ModelConfig& config) {
  return test::random_matrix(batch.size(), config.width, 6);
}

test::PassOutcome run(const weights::ModelConfig& config, const LoraOptions& lora,
                      const DecoderOptions& options, const PackedBatch& batch, bool recompute = false) {
  const Decoder decoder(config, test::random_weights(config), options);
  return test::run_pass(decoder, batch, *test::random_adapter(config, lora), gradient_for(batch, config),
                        {.dropout_seed = kDropoutSeed, .recompute = recompute});
}

/// Sequences of one token and of several blocks of attention.
PackedBatch mixed_batch(std::int64_t vocabulary) { return test::random_batch({70, 1, 130, 9}, vocabulary); }

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

double norm_of(const Matrix& matrix) {
  const test::PlainMatrix numbers(matrix);
  return std::sqrt(test::inner_product(numbers.values, numbers.values));
}

/// Along a random direction of each of the adapter's matrices.
void expect_slopes(const test::PlainDecoder& plain, const PackedBatch& batch,
                   const test::PlainAdapter& adapter, const Matrix& d_hidden_ND,
                   const std::vector<std::vector<Matrix>>& gradients_of_runs) {
  for (std::size_t i = 0; i < gradients_of_runs.front().size(); ++i) {
    const Matrix& shaped = gradients_of_runs.front()[i];
    const test::PlainMatrix direction(test::random_matrix(shaped.rows(), shaped.width(), 20 + i));
    const double slope =
        test::plain_slope(plain, batch, adapter, test::PlainMatrix(d_hidden_ND), i, direction);
    for (const auto& gradients : gradients_of_runs)
      EXPECT_NEAR(test::inner_product(test::PlainMatrix(gradients[i]).values, direction.values), slope,
                  5e-5 * norm_of(gradients[i]))
          << "parameter " << i;
  }
}

void expect_equals_formulas(const weights::ModelConfig& config, const LoraOptions& lora,
                            const DecoderOptions& options = {}, bool branching = false) {
  const PackedBatch batch = branching ? branching_batch(config.vocabulary) : mixed_batch(config.vocabulary);
  const test::PassOutcome ours = run(config, lora, options, batch);
  const test::PlainDecoder plain(config, test::random_weights(config));
  const test::PlainAdapter adapter(*test::random_adapter(config, lora), kDropoutSeed, batch.size());
  EXPECT_LT(test::relative_difference(ours.hidden_ND, plain.forward(batch, &adapter).as_matrix()), 1e-5);
  expect_slopes(plain, batch, adapter, gradient_for(batch, config), {ours.gradients});
}

TEST(DecoderLayer, EqualsTheFormulas) { expect_equals_formulas(test::small_config(), {.targets = {"all"}}); }

TEST(DecoderLayer, EqualsThemWithSomeTargetsOnly) {
  expect_equals_formulas(test::small_config(), {.rank = 1, .targets = {"v_proj", "up_proj"}});
}

weights::ModelConfig config_with_all() {
  weights::ModelConfig config = test::small_config();
  config.qkv_bias = config.qk_norm = true;
  return config;
}

TEST(DecoderLayer, EqualsThemWithBiasesAndHeadNorms) {
  expect_equals_formulas(config_with_all(), {.targets = {"all"}});
}

TEST(DecoderLayer, EqualsThemWithDropout) {
  expect_equals_formulas(test::small_config(), {.dropout = 0.3, .targets = {"all"}});
}

TEST(DecoderLayer, EqualsThemWithCompactWeights) {
  expect_equals_formulas(test::small_config(), {.targets = {"all"}}, {.memory = WeightMemory::compact});
}

TEST(DecoderLayer, EqualsThemWithBranches) {
  expect_equals_formulas(test::small_config(), {.targets = {"all"}}, {}, true);
}

/// Root of the mean square difference, relative to the expected values'.
double distance(const Matrix& actual, const Matrix& expected) {
  const Matrix difference = test::copy_of(actual);
  for (std::int64_t i = 0; i < difference.size(); ++i) difference.values()[i] -= expected.values()[i];
  return norm_of(difference) / norm_of(expected);
}

/// Of gradients by products of bfloat16, whose numbers have eight binary digits.
constexpr double kBfloat16Bound = 1e-2;

// Its residual stream, norms and attention are in float32: it is nearer to the truth than where nothing is.
TEST(DecoderLayer, Bfloat16IsMoreExactThanRoundingEveryStepToIt) {
  const weights::ModelConfig config = config_with_all();
  const LoraOptions lora = {.targets = {"all"}};
  const PackedBatch batch = mixed_batch(config.vocabulary);
  const test::PlainAdapter adapter(*test::random_adapter(config, lora));
  const auto hidden_of = [&](bool rounds) {
    return test::PlainDecoder(config, test::random_weights(config), rounds)
        .forward(batch, &adapter)
        .as_matrix();
  };
  const Matrix exact_ND = hidden_of(false), rounded_ND = hidden_of(true);
  const auto exact = run(config, lora, {}, batch).gradients;
  for (const WeightMemory memory : {WeightMemory::expanded, WeightMemory::compact}) {
    const test::PassOutcome ours = run(config, lora, {.type = DataType::bfloat16, .memory = memory}, batch);
    EXPECT_LT(distance(ours.hidden_ND, exact_ND), distance(rounded_ND, exact_ND));
    for (std::size_t i = 0; i < exact.size(); ++i)
      EXPECT_LT(distance(ours.gradients[i], exact[i]), kBfloat16Bound) << "parameter " << i;
  }
}

class DecoderLayerOfFamily : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Golden, DecoderLayerOfFamily, testing::ValuesIn(test::kFamilies),
                         [](const auto& family) { return std::string(family.param); });

TEST_P(DecoderLayerOfFamily, EqualsTheFormulasFromItsFileInEveryMemoryAndType) {
  const auto store = weights::WeightStore::open(test::source("tests/reference/model") / GetParam());
  const PackedBatch batch = test::random_batch({33, 1, 80}, store->config().vocabulary);
  const auto adapter = test::random_adapter(store->config(), {.targets = {"all"}});
  const Matrix d_hidden_ND = gradient_for(batch, store->config());
  const auto run_with = [&](const DecoderOptions& options) {
    const Decoder decoder(store, options);
    const test::PassOutcome outcome = test::run_pass(decoder, batch, *adapter, d_hidden_ND);
    return std::pair(decoder.project(outcome.hidden_ND), outcome.gradients);
  };
  const test::PlainAdapter plain_adapter(*adapter);
  const auto plain = [&](bool rounds) {
    return test::PlainDecoder(
        store->config(), [&](std::string_view name) { return store->load(name); }, rounds);
  };
  const auto logits_of = [&](const test::PlainDecoder& decoder) {
    return decoder.project(decoder.forward(batch, &plain_adapter)).as_matrix();
  };
  const Matrix exact_NV = logits_of(plain(false)), rounded_NV = logits_of(plain(true));
  const auto [logits_NV, gradients] = run_with({.memory = WeightMemory::expanded});
  const auto [compact_NV, compact_gradients] = run_with({.memory = WeightMemory::compact});
  EXPECT_LT(test::relative_difference(logits_NV, exact_NV), 1e-5);
  EXPECT_LT(test::relative_difference(compact_NV, exact_NV), 1e-5);
  expect_slopes(plain(false), batch, plain_adapter, d_hidden_ND, {gradients, compact_gradients});
  for (const WeightMemory memory : {WeightMemory::expanded, WeightMemory::compact}) {
    const auto [halves_NV, halves_gradients] = run_with({.type = DataType::bfloat16, .memory = memory});
    EXPECT_LT(distance(halves_NV, exact_NV), distance(rounded_NV, exact_NV));
    for (std::size_t i = 0; i < gradients.size(); ++i)
      EXPECT_LT(distance(halves_gradients[i], gradients[i]), kBfloat16Bound) << "parameter " << i;
  }
}

TEST(DecoderLayer, GivesTheSameBitsAgainAndTheSameValuesOnOneThread) {
  const PackedBatch batch = test::random_batch({70, 90}, 50);
  const int before = threads();
  set_threads(2);
  const auto first = run(test::small_config(), {}, {}, batch),
             second = run(test::small_config(), {}, {}, batch);
  set_threads(1);
  const auto alone = run(test::small_config(), {}, {}, batch);
  set_threads(before);
  EXPECT_TRUE(test::equal(first, second));
  EXPECT_LT(test::relative_difference(alone.hidden_ND, first.hidden_ND), 1e-5);
  for (std::size_t i = 0; i < first.gradients.size(); ++i)
    EXPECT_LT(test::relative_difference(alone.gradients[i], first.gradients[i]), 5e-5) << "parameter " << i;
}

TEST(DecoderLayer, RecomputingGivesTheSameBits) {
  const weights::ModelConfig config = config_with_all();
  const LoraOptions lora = {.dropout = 0.3, .targets = {"all"}};
  const PackedBatch batch = mixed_batch(config.vocabulary);
  for (const DataType type : {DataType::float32, DataType::bfloat16})
    EXPECT_TRUE(test::equal(run(config, lora, {.type = type}, batch, true),
                            run(config, lora, {.type = type}, batch)));
}

}  // namespace
}  // namespace conceptune::model
