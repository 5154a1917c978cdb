#include "conceptune/runtime/weights/half.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "conceptune/runtime/kernels/dequantise.h"

namespace conceptune::weights {
namespace {

float widened(std::uint16_t bits) {
  float value = 0;
  kernels::dequantise(kernels::BlockType::f16, &bits, 1, &value);
  return value;
}

TEST(Half, EveryNumberIsItself) {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const float value = widened(static_cast<std::uint16_t>(bits));
    if (!std::isnan(value)) {
      ASSERT_EQ(half_bits(value), bits);
    }
  }
  EXPECT_TRUE(std::isnan(widened(half_bits(std::numeric_limits<float>::quiet_NaN()))));
}

// Between two neighbours the nearer one, and the even one in the middle.
TEST(Half, OthersAreRounded) {
  for (std::uint32_t bits = 0; bits < 0x7bff; ++bits) {
    const float below = widened(static_cast<std::uint16_t>(bits)),
                above = widened(static_cast<std::uint16_t>(bits + 1));
    const float middle = below + (above - below) / 2;
    ASSERT_EQ(half_bits(middle), bits % 2 == 0 ? bits : bits + 1);
    ASSERT_EQ(half_bits(std::nextafter(middle, 0.0F)), bits);
    ASSERT_EQ(half_bits(std::nextafter(middle, 1e9F)), bits + 1);
    ASSERT_EQ(half_bits(-std::nextafter(middle, 1e9F)), 0x8000 | (bits + 1));
  }
  EXPECT_EQ(half_bits(65519.9F), 0x7bff);
  EXPECT_EQ(half_bits(65520), 0x7c00);
  EXPECT_EQ(half_bits(1e30F), 0x7c00);
  EXPECT_EQ(half_bits(-1e30F), 0xfc00);
}

}  // namespace
}  // namespace conceptune::weights
