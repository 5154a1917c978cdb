#include "conceptune/runtime/model/machine_rate.h"

#include <gtest/gtest.h>

namespace conceptune::model {
namespace {

TEST(MachineRate, IsMeasuredInEveryType) {
  weights::ModelConfig config;
  config.width = 192;
  config.mlp_width = 512;
  for (const auto type : {DataType::float32, DataType::bfloat16}) {
    const MachineRate rate = measure_machine(config, type);
    EXPECT_GT(rate.now, 1e8);
    // By the clock nothing is faster than by the processor's time, but for how that is counted.
    EXPECT_GT(rate.idle, 0.9 * rate.now);
  }
}

}  // namespace
}  // namespace conceptune::model
