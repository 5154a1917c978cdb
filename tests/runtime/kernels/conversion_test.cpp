// Every version against rounding by the definition, for lengths that end within a vector.
#include "conceptune/runtime/kernels/conversion.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "conceptune/base/random.h"

namespace conceptune::kernels {
namespace {

class ConversionOf : public testing::TestWithParam<Isa> {
 protected:
  std::vector<std::uint16_t> rounded(const std::vector<float>& values) const {
    std::vector<std::uint16_t> out(values.size() + 1, 0xABCD);
    conversion_kernels_of(GetParam())
        .to_bf16(values.data(), static_cast<std::int64_t>(values.size()), out.data());
    EXPECT_EQ(out.back(), 0xABCD) << "beyond the end";
    out.pop_back();
    return out;
  }
  std::vector<float> widened(const std::vector<std::uint16_t>& halves) const {
    std::vector<float> out(halves.size());
    conversion_kernels_of(GetParam())
        .from_bf16(halves.data(), static_cast<std::int64_t>(halves.size()), out.data());
    return out;
  }
};
INSTANTIATE_TEST_SUITE_P(Isa, ConversionOf, testing::ValuesIn(supported_isas()),
                         [](const auto& isa) { return std::string(name_of(isa.param)); });

TEST_P(ConversionOf, RoundsToTheNearest) {
  Random random(1);
  for (const int count : {1, 15, 16, 33, 200}) {
    std::vector<float> values;
    for (int i = 0; i < count; ++i) values.push_back(static_cast<float>(std::exp2(20 * random.normal())));
    const auto back = widened(rounded(values));
    for (int i = 0; i < count; ++i) {
      const double step = std::exp2(std::floor(std::log2(values[i])) - 7);
      EXPECT_LE(std::abs(double{back[i]} - values[i]), step / 2) << values[i];
    }
  }
}

TEST_P(ConversionOf, TiesGoToEvenAndSpecialValuesStay) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const auto halves = rounded({1 + 0x1p-8F, 1 + 3 * 0x1p-8F, -1 - 0x1p-8F, 0.0F, -0.0F, kInfinity, -kInfinity,
                               std::numeric_limits<float>::max(), std::numeric_limits<float>::quiet_NaN()});
  const auto back = widened(halves);
  EXPECT_EQ(back[0], 1.0F);
  EXPECT_EQ(back[1], 1 + 4 * 0x1p-8F);
  EXPECT_EQ(back[2], -1.0F);
  EXPECT_EQ(halves[3], 0x0000);
  EXPECT_EQ(halves[4], 0x8000);
  EXPECT_EQ(back[5], kInfinity);
  EXPECT_EQ(back[6], -kInfinity);
  EXPECT_EQ(back[7], kInfinity);
  EXPECT_TRUE(std::isnan(back[8]));
}

TEST_P(ConversionOf, WideningIsExact) {
  std::vector<std::uint16_t> halves(77);
  for (std::size_t i = 0; i < halves.size(); ++i) halves[i] = static_cast<std::uint16_t>(0x3F00 + 5 * i);
  const auto values = widened(halves);
  for (std::size_t i = 0; i < halves.size(); ++i)
    EXPECT_EQ(std::bit_cast<std::uint32_t>(values[i]), std::uint32_t{halves[i]} << 16U);
}

}  // namespace
}  // namespace conceptune::kernels
