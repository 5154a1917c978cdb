// Every version against sums in double, for lengths that end within a vector.
#include "conceptune/runtime/kernels/logit_kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "conceptune/base/random.h"

namespace conceptune::kernels {
namespace {

class LogitKernelsOf : public testing::TestWithParam<Isa> {
 protected:
  const LogitKernels& kernels() const { return logit_kernels_of(GetParam()); }
};
INSTANTIATE_TEST_SUITE_P(Isa, LogitKernelsOf, testing::ValuesIn(supported_isas()),
                         [](const auto& isa) { return std::string(name_of(isa.param)); });

std::vector<float> logits_of(std::int64_t count) {
  Random random(static_cast<std::uint64_t>(count));
  std::vector<float> logits(static_cast<std::size_t>(count));
  for (float& logit : logits) logit = static_cast<float>(500 + 5 * random.normal());
  return logits;
}

TEST_P(LogitKernelsOf, SumsRanksAndExponentials) {
  for (const std::int64_t count : {1, 7, 16, 49'157}) {
    auto logits = logits_of(count);
    const float top = *std::max_element(logits.begin(), logits.end()), threshold = logits[count / 2];
    double sum = 0, weighted = 0, above = 0;
    for (const float logit : logits) {
      sum += std::exp(static_cast<double>(logit) - top);
      weighted += std::exp(static_cast<double>(logit) - top) * (static_cast<double>(logit) - top);
      above += logit > threshold;
    }
    float largest = 0;
    double total = 0, weighted_sum = 0;
    std::int64_t higher = 0;
    kernels().reduce(logits.data(), count, &largest, &total);
    kernels().describe(logits.data(), count, threshold, largest, &higher, &weighted_sum);
    EXPECT_EQ(largest, top);
    EXPECT_NEAR(total, sum, 1e-6 * sum);
    EXPECT_NEAR(weighted_sum, weighted, 1e-6 * std::abs(weighted) + 1e-6);
    EXPECT_EQ(static_cast<double>(higher), above);

    const auto before = logits;
    kernels().scaled_exponential(logits.data(), count, top, 0.5F);
    for (std::int64_t v = 0; v < count; v += 1 + count / 50) {
      const double expected = 0.5 * std::exp(static_cast<double>(before[v]) - top);
      EXPECT_NEAR(logits[v], expected, 3e-7 * expected);
    }
  }
}

TEST_P(LogitKernelsOf, WhatFloat32CannotHoldIsZero) {
  std::vector<float> logits = {0, -86, -88, -1e30F};
  kernels().scaled_exponential(logits.data(), 4, 0, 1);
  EXPECT_EQ(logits[0], 1);
  EXPECT_NEAR(logits[1], std::exp(-86.0), 3e-7 * std::exp(-86.0));
  EXPECT_EQ(logits[2], 0);
  EXPECT_EQ(logits[3], 0);
}

TEST_P(LogitKernelsOf, NonFiniteLogitsAreSeenInTheSum) {
  auto logits = logits_of(100);
  logits[37] = std::numeric_limits<float>::quiet_NaN();
  float largest = 0;
  double sum = 0;
  kernels().reduce(logits.data(), 100, &largest, &sum);
  EXPECT_TRUE(std::isnan(sum));
  logits[37] = std::numeric_limits<float>::infinity();
  kernels().reduce(logits.data(), 100, &largest, &sum);
  EXPECT_FALSE(std::isfinite(largest + sum));
}

}  // namespace
}  // namespace conceptune::kernels
