#include "conceptune/experiment/pass_rates.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_model.h"

namespace conceptune::experiment {
namespace {

TEST(PassRates, AreMeasuredOnTheModelInEveryType) {
  const test::TemporaryFolder folder;
  test::write_tiny_model(folder.path());
  const auto store = weights::WeightStore::open(folder.path());
  const double left = share_left(store->config());
  EXPECT_GT(left, 0);
  EXPECT_LE(left, 1);
  for (const auto type : {model::DataType::float32, model::DataType::bfloat16})
    for (const std::int64_t tokens : {1, 700})  // two passages and a short one
      for (const auto& rate : {forward_rate(store, {.type = type}, left),
                               training_rate(store, {.type = type}, {}, tokens, left)}) {
        EXPECT_GT(rate.now, 1e3);
        EXPECT_GE(rate.idle, rate.now);
        EXPECT_TRUE(std::isfinite(rate.idle));
      }
}

}  // namespace
}  // namespace conceptune::experiment
