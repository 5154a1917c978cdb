// The dense layers of the active instruction set against sums in double precision.
#include "conceptune/runtime/kernels/dense.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "conceptune/base/random.h"

namespace conceptune::kernels {
namespace {

std::vector<float> random_floats(Random& random, std::size_t size) {
  std::vector<float> values(size);
  for (float& value : values) value = static_cast<float>(2 * random.uniform() - 1);
  return values;
}

double dot(const float* a, const float* b, std::size_t size) {
  double sum = 0;
  for (std::size_t i = 0; i < size; ++i) sum += double{a[i]} * b[i];
  return sum;
}

TEST(Dense, LinearLayersAreExactToRounding) {
  Random random(1);
  for (const auto& [outputs, inputs, rows] :
       {std::array<std::size_t, 3>{1, 1, 1}, {50, 96, 23}, {106, 64, 1}, {64, 7, 9}}) {
    const auto weight_OI = random_floats(random, outputs * inputs);
    const auto bias_O = random_floats(random, outputs);
    const std::size_t stride = inputs + 3;
    const auto input = random_floats(random, rows * stride);
    const LinearLayer layer(weight_OI, bias_O, outputs);
    std::vector<float> output(rows * layer.output_stride(), -7);
    layer.run(input.data(), stride, rows, output.data());
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t o = 0; o < layer.output_stride(); ++o) {
        const double expected =
            o < outputs ? bias_O[o] + dot(&weight_OI[o * inputs], &input[r * stride], inputs) : 0;
        EXPECT_NEAR(output[r * layer.output_stride() + o], expected, 1e-6 * static_cast<double>(inputs + 1));
      }
  }
}

TEST(Dense, MaxoutNormIsExactToRounding) {
  constexpr std::size_t kOutputs = 96;
  constexpr std::size_t kInputs = 288;
  constexpr std::size_t kStride = 96;  // rows overlap: a window over neighbours
  Random random(2);
  const auto weight_OPI = random_floats(random, kOutputs * 3 * kInputs);
  const auto bias_OP = random_floats(random, kOutputs * 3);
  const auto gain_O = random_floats(random, kOutputs);
  const auto shift_O = random_floats(random, kOutputs);
  const MaxoutNormLayer layer(weight_OPI, bias_OP, gain_O, shift_O);
  for (const std::size_t rows : {1U, 8U, 19U}) {
    const auto input = random_floats(random, rows * kStride + kInputs);
    const auto residual = random_floats(random, rows * kOutputs);
    std::vector<float> output(rows * kOutputs);
    layer.run(input.data(), kStride, residual.data(), rows, output.data());
    for (std::size_t r = 0; r < rows; ++r) {
      std::vector<double> maxima(kOutputs, -INFINITY);
      for (std::size_t o = 0; o < kOutputs * 3; ++o)
        maxima[o / 3] =
            std::max(maxima[o / 3], bias_OP[o] + dot(&weight_OPI[o * kInputs], &input[r * kStride], kInputs));
      double mean = 0;
      double variance = 1e-8;
      for (const double m : maxima) mean += m / kOutputs;
      for (const double m : maxima) variance += (m - mean) * (m - mean) / kOutputs;
      for (std::size_t o = 0; o < kOutputs; ++o)
        EXPECT_NEAR(
            output[r * kOutputs + o],
            (maxima[o] - mean) / std::sqrt(variance) * gain_O[o] + shift_O[o] + residual[r * kOutputs + o],
            1e-5);
    }
  }
}

TEST(Dense, VersionsAgree) {
  Random random(3);
  const auto weight = random_floats(random, 48 * 3 * 40);
  const auto bias = random_floats(random, 48 * 3);
  const auto gain = random_floats(random, 48);
  const auto input = random_floats(random, 40 * 11);
  std::vector<float> first;
  for (const Isa isa : supported_isas()) {
    std::vector<float> output(48 * 11);
    MaxoutNormLayer(weight, bias, gain, gain, isa).run(input.data(), 40, nullptr, 11, output.data());
    if (first.empty()) first = output;
    for (std::size_t i = 0; i < output.size(); ++i) EXPECT_NEAR(output[i], first[i], 1e-5) << name_of(isa);
  }
}

}  // namespace
}  // namespace conceptune::kernels
