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
                  2e-5 * norm_of(gradients[i]))
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

/// Matrices whose numbers are moved at random, each as far as rounding to bfloat16 may.
WeightLoader shaken(const WeightLoader& load) {
  return [load](std::string_view name) {
    const Matrix matrix = load(name);
    if (matrix.rows() == 1) return matrix;
    Random random(1, name);
    for (std::int64_t i = 0; i < matrix.size(); ++i)
      matrix.values()[i] *= static_cast<float>(1 + (2 * random.uniform() - 1) * 0x1p-8);
    return matrix;
  };
}

// Products in bfloat16 round the weights, what these multiply, and gradients: each may do what shaking the
// weights does.
void expect_rounding_of_gradients(const std::vector<Matrix>& halves, const std::vector<Matrix>& exact,
                                  const std::vector<Matrix>& with_shaken_weights) {
  for (std::size_t i = 0; i < exact.size(); ++i)
    EXPECT_LT(distance(halves[i], exact[i]), 3 * distance(with_shaken_weights[i], exact[i]))
        << "parameter " << i;
}

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
  const auto gradients_of = [&](const WeightLoader& load) {
    return test::run_pass(Decoder(config, load), batch, *test::random_adapter(config, lora),
                          gradient_for(batch, config))
        .gradients;
  };
  const auto exact = gradients_of(test::random_weights(config)),
             moved = gradients_of(shaken(test::random_weights(config)));
  for (const WeightMemory memory : {WeightMemory::expanded, WeightMemory::compact}) {
    const test::PassOutcome ours = run(config, lora, {.type = DataType::bfloat16, .memory = memory}, batch);
    EXPECT_LT(distance(ours.hidden_ND, exact_ND), distance(rounded_ND, exact_ND));
    expect_rounding_of_gradients(ours.gradients, exact, moved);
  }
}

// The embedding is rounded before: where weights are compact its rows are taken in float32.
TEST(DecoderLayer, CompactWeightsAreRoundedToBfloat16AsExpandedOnesAre) {
  if (fastest_products() != ProductType::bfloat16) GTEST_SKIP() << "products are in float32";
  const weights::ModelConfig config = config_with_all();
  const PackedBatch batch = mixed_batch(config.vocabulary);
  const auto load = [random = test::random_weights(config)](std::string_view name) {
    const Matrix matrix = random(name);
    return name == "model.embed_tokens.weight" ? test::widened(test::rounded(matrix)) : matrix;
  };
  const auto run_in = [&](WeightMemory memory) {
    const Decoder decoder(config, load, {.type = DataType::bfloat16, .memory = memory});
    return test::run_pass(decoder, batch, *test::random_adapter(config, {.targets = {"all"}}),
                          gradient_for(batch, config));
  };
  EXPECT_TRUE(test::equal(run_in(WeightMemory::compact), run_in(WeightMemory::expanded)));
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
  const WeightLoader load = [&](std::string_view name) { return store->load(name); };
  const auto plain = [&](bool rounds) { return test::PlainDecoder(store->config(), load, rounds); };
  const auto logits_of = [&](const test::PlainDecoder& decoder) {
    return decoder.project(decoder.forward(batch, &plain_adapter)).as_matrix();
  };
  const Matrix exact_NV = logits_of(plain(false)), rounded_NV = logits_of(plain(true));
  const auto [logits_NV, gradients] = run_with({.memory = WeightMemory::expanded});
  const auto [compact_NV, compact_gradients] = run_with({.memory = WeightMemory::compact});
  EXPECT_LT(test::relative_difference(logits_NV, exact_NV), 1e-5);
  EXPECT_LT(test::relative_difference(compact_NV, exact_NV), 1e-5);
  expect_slopes(plain(false), batch, plain_adapter, d_hidden_ND, {gradients, compact_gradients});
  const auto moved =
      test::run_pass(Decoder(store->config(), shaken(load)), batch, *adapter, d_hidden_ND).gradients;
  for (const WeightMemory memory : {WeightMemory::expanded, WeightMemory::compact}) {
    const auto [halves_NV, halves_gradients] = run_with({.type = DataType::bfloat16, .memory = memory});
    EXPECT_LT(distance(halves_NV, exact_NV), distance(rounded_NV, exact_NV));
    expect_rounding_of_gradients(halves_gradients, gradients, moved);
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
