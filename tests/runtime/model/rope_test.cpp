#include "conceptune/runtime/model/rope.h"

#include <gtest/gtest.h>

#include <cmath>

namespace conceptune::model {
namespace {

TEST(Rope, Llama3ScalingKeepsHighFrequenciesAndDividesLowOnes) {
  weights::ModelConfig config;
  config.head_size = 128;
  config.rope_base = 500000;
  const auto plain = rope_frequencies(config);
  config.rope_scaling = {
      .factor = 8, .low_frequency_factor = 1, .high_frequency_factor = 4, .original_context = 8192};
  const auto scaled = rope_frequencies(config);
  EXPECT_DOUBLE_EQ(plain[1], std::pow(500000.0, -2.0 / 128));
  EXPECT_DOUBLE_EQ(scaled[20], plain[20]);
  EXPECT_DOUBLE_EQ(scaled[63], plain[63] / 8);
  for (int i = 1; i < 64; ++i) EXPECT_LT(scaled[i], scaled[i - 1]);
}

TEST(Rope, GgufDivisorsDivide) {
  weights::ModelConfig config;
  config.head_size = 4;
  config.rope_base = 100;
  config.rope_divisors = {1, 4};
  EXPECT_EQ(rope_frequencies(config), (std::vector<double>{1, 0.1 / 4}));
}

TEST(Rope, ScalingBecomesDivisorsAndBack) {
  weights::ModelConfig config;
  config.head_size = 128;
  config.rope_base = 500000;
  EXPECT_TRUE(rope_divisors_of(config).empty());
  for (const double factor : {8.0, 32.0}) {
    weights::ModelConfig scaled = config, divided = config;
    scaled.rope_scaling = {factor, 1, 4, 8192};
    divided.rope_divisors = rope_divisors_of(scaled);
    EXPECT_EQ(divided.rope_divisors.front(), 1);
    EXPECT_EQ(divided.rope_divisors.back(), factor);
    const auto found = rope_scaling_of(divided);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->factor, factor);
    EXPECT_EQ(found->original_context, 8192);
    EXPECT_EQ(rope_divisors_of(divided), divided.rope_divisors);
    divided.rope_divisors[40] *= 1.01F;
    EXPECT_FALSE(rope_scaling_of(divided));
  }
}

TEST(Rope, RotatesByPositionTimesFrequency) {
  const std::vector<std::int32_t> positions = {0, 3, 1};
  const Rotation rotation = rotation_at({1.0, 0.25}, positions);
  ASSERT_EQ(rotation.cos_NP.rows(), 3);
  ASSERT_EQ(rotation.cos_NP.width(), 2);
  for (int n = 0; n < 3; ++n) {
    EXPECT_NEAR(rotation.cos_NP.row(n)[1], std::cos(positions[n] * 0.25), 1e-7);
    EXPECT_NEAR(rotation.sin_NP.row(n)[0], std::sin(positions[n]), 1e-7);
  }
}

}  // namespace
}  // namespace conceptune::model
