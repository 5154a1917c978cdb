#include "conceptune/experiment/memory_estimate.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_model.h"

namespace conceptune::experiment {
namespace {

TEST(TrainingMemory, GrowsWithTheBatchAndWithWhatIsTrained) {
  const conceptune::test::TemporaryFolder folder;
  conceptune::test::write_tiny_model(folder.path() / "model");
  const auto weights = weights::WeightStore::open(folder.path() / "model");
  RunConfig config;
  const auto small = training_memory(*weights, config, 64), large = training_memory(*weights, config, 640);
  EXPECT_GT(large, small);
  config.training.memory.recompute = training::Recompute::on;
  EXPECT_LT(training_memory(*weights, config, 640), large);
  config.training.method = training::Method::full;
  // Weights, gradients, two moments and the best ones, in float32.
  EXPECT_GE(training_memory(*weights, config, 64), static_cast<std::int64_t>(20 * value_count(*weights)));
}

TEST(PassesMemory, IsThatOfTheWeightsAsTheyAreHeld) {
  const conceptune::test::TemporaryFolder folder;
  conceptune::test::write_tiny_model(folder.path() / "model");
  const auto weights = weights::WeightStore::open(folder.path() / "model");
  const double rest = static_cast<double>(passes_memory(*weights, {.memory = model::WeightMemory::compact})) -
                      stored_bytes(*weights);
  const auto expanded = [&](model::DataType type) {
    return static_cast<double>(passes_memory(*weights, {.type = type})) - rest;
  };
  EXPECT_GT(rest, 0);
  EXPECT_NEAR(expanded(model::DataType::float32), 4 * value_count(*weights), 2);
  EXPECT_NEAR(expanded(model::DataType::bfloat16), 2 * value_count(*weights), 2);
}

}  // namespace
}  // namespace conceptune::experiment
