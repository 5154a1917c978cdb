// Runs once per instruction set: CMakeLists.txt forces each through CONCEPTUNE_ISA.
#include "conceptune/runtime/kernels/dequantise.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "conceptune/base/json.h"
#include "tests/support/inputs.h"

namespace conceptune::kernels {
namespace {

std::string bytes_of_hex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2)
    bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  return bytes;
}

class DequantiseTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* forced = std::getenv("CONCEPTUNE_ISA");
    if (!forced) return;
    const auto isas = supported_isas();
    if (std::ranges::find(isas, std::string_view(forced), &name_of) == isas.end())
      GTEST_SKIP() << "this processor has no " << forced;
  }
};

TEST_F(DequantiseTest, RunsWhatWasForced) {
  const char* forced = std::getenv("CONCEPTUNE_ISA");
  EXPECT_EQ(name_of(active_isa()), forced ? forced : name_of(supported_isas().back()));
}

TEST_F(DequantiseTest, GivesTheBitsOfTheReference) {
  const Json golden =
      read_json_file(test::source("tests/reference/dequantise.json"), "reading golden values");
  ASSERT_EQ(golden.size(), 11U);
  for (const auto& [name, item] : golden.items()) {
    const std::string expected = bytes_of_hex(item["values"]);
    // One byte in: blocks in files have no alignment.
    const std::string blocks = bytes_of_hex("00").append(bytes_of_hex(item["blocks"]));
    std::vector<float> values(expected.size() / sizeof(float) + 1, -77.0F);
    dequantise(*block_type_named(name), blocks.data() + 1, values.size() - 1, values.data());
    EXPECT_EQ(std::memcmp(values.data(), expected.data(), expected.size()), 0) << name;
    EXPECT_EQ(values.back(), -77.0F) << name << " wrote beyond its count";
  }
}

TEST_F(DequantiseTest, RoundsWhatItGives) {
  for (int i = 0; i <= static_cast<int>(BlockType::q6_k); ++i) {
    const auto type = static_cast<BlockType>(i);
    const BlockLayout layout = layout_of(type);
    // More than is rounded at once, and an end that is no whole vector where blocks allow it.
    const std::size_t count = layout.values * (layout.values == 1 ? 4099 : 4096 / layout.values + 1);
    std::vector<std::uint8_t> blocks(count / layout.values * layout.bytes);
    for (std::size_t j = 0; j < blocks.size(); ++j) blocks[j] = static_cast<std::uint8_t>(j * 37 & 0xBF);
    std::vector<float> values(count);
    dequantise(type, blocks.data(), count, values.data());
    std::vector<Bf16> expected(count), halves(count + 1, 77);
    conversion_kernels().to_bf16(values.data(), static_cast<std::int64_t>(count), expected.data());
    dequantise(type, blocks.data(), count, halves.data());
    EXPECT_EQ(std::memcmp(halves.data(), expected.data(), count * sizeof(Bf16)), 0) << layout.name;
    EXPECT_EQ(halves.back(), 77) << layout.name << " wrote beyond its count";
  }
}

TEST_F(DequantiseTest, EveryHalfIsAsPlain) {
  std::vector<std::uint16_t> halves(1 << 16);
  for (std::size_t i = 0; i < halves.size(); ++i) halves[i] = static_cast<std::uint16_t>(i);
  std::vector<float> plain(halves.size());
  std::vector<float> active(halves.size());
  dequantise_with(Isa::plain, BlockType::f16, halves.data(), halves.size(), plain.data());
  dequantise(BlockType::f16, halves.data(), halves.size(), active.data());
  EXPECT_EQ(std::memcmp(plain.data(), active.data(), plain.size() * sizeof(float)), 0);
  EXPECT_EQ(plain[0x3C00], 1.0F);
  EXPECT_EQ(plain[0x0001], 0x1p-24F);
}

}  // namespace
}  // namespace conceptune::kernels
