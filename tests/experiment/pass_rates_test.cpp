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
  for (const auto type : {model::DataType::float32, model::DataType::bfloat16})
    for (const std::int64_t tokens : {1, 700}) {  // two passages and a short one
      const PassRates rates = measure_passes(store, {{.type = type}, {}, tokens});
      for (const auto& rate : {rates.forward, rates.training}) {
        EXPECT_GT(rate.now, 1e3);
        EXPECT_GE(rate.idle, rate.now);
        EXPECT_TRUE(std::isfinite(rate.idle));
      }
    }
}

}  // namespace
}  // namespace conceptune::experiment
