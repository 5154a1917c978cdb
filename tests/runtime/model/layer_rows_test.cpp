#include "conceptune/runtime/model/layer_rows.h"

#include <gtest/gtest.h>

#include <vector>

namespace conceptune::model {
namespace {

constexpr std::int64_t kWidth = 3;

std::vector<float> widened(const std::vector<kernels::Bf16>& halves) {
  std::vector<float> numbers(halves.size());
  kernels::conversion_kernels().from_bf16(halves.data(), std::ssize(halves), numbers.data());
  return numbers;
}

TEST(LayerRows, AreMadeInTheTypesThatAreWanted) {
  const auto count_up = [](std::int64_t n, float* row) {
    for (std::int64_t i = 0; i < kWidth; ++i) row[i] = static_cast<float>(10 * n + i);
  };
  std::vector<float> numbers(12, -1);
  std::vector<kernels::Bf16> rounded(12), alone(12);
  make_rows({numbers.data(), rounded.data()}, kWidth, 1, 2, count_up);
  make_rows({nullptr, alone.data()}, kWidth, 1, 2, count_up);
  EXPECT_EQ(numbers, (std::vector<float>{-1, -1, -1, 10, 11, 12, 20, 21, 22, -1, -1, -1}));
  EXPECT_EQ(widened(rounded), (std::vector<float>{0, 0, 0, 10, 11, 12, 20, 21, 22, 0, 0, 0}));
  EXPECT_EQ(widened(alone), widened(rounded));
}

TEST(LayerRows, AreRoundedAndWidened) {
  std::vector<float> numbers = {1, 2, 3, 4, 5, 1.001F};
  std::vector<kernels::Bf16> rounded(6);
  round_made({numbers.data(), nullptr}, kWidth, 0, 2);
  round_made({numbers.data(), rounded.data()}, kWidth, 1, 1);
  EXPECT_EQ(widened(rounded), (std::vector<float>{0, 0, 0, 4, 5, 1}));
  float room[kWidth];
  EXPECT_EQ(widened_row({numbers.data(), nullptr}, kWidth, 1, room), numbers.data() + 3);
  EXPECT_EQ(widened_row({nullptr, rounded.data()}, kWidth, 1, room), room);
  EXPECT_EQ(room[1], 5);
}

}  // namespace
}  // namespace conceptune::model
