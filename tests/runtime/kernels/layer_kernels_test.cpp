#include "conceptune/runtime/kernels/layer_kernels.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/runtime/kernels/matrices.h"

namespace conceptune::kernels {
namespace {

using test::random_values;

class LayerKernelsOf : public testing::TestWithParam<Isa> {
 protected:
  const LayerKernels& kernels() const { return layer_kernels_of(GetParam()); }
};
INSTANTIATE_TEST_SUITE_P(Isa, LayerKernelsOf, testing::ValuesIn(supported_isas()),
                         [](const auto& isa) { return std::string(name_of(isa.param)); });

TEST_P(LayerKernelsOf, RmsNormAndItsGradient) {
  Random random(1);
  constexpr std::int64_t kRows = 3, kWidth = 37;
  constexpr double kEpsilon = 1e-5;
  const auto x = random_values(kRows * kWidth, random), weight = random_values(kWidth, random),
             d_y = random_values(kRows * kWidth, random);
  std::vector<float> y(kRows * kWidth), scale(kRows), d_x(kRows * kWidth, 2.0F);
  kernels().rms_norm(x.data(), weight.data(), kEpsilon, kRows, kWidth, y.data(), scale.data());
  kernels().rms_norm_backward(d_y.data(), x.data(), weight.data(), scale.data(), kRows, kWidth, d_x.data());
  for (std::int64_t n = 0; n < kRows; ++n) {
    double squares = 0, projection = 0;
    for (std::int64_t d = 0; d < kWidth; ++d) {
      squares += std::pow(x[n * kWidth + d], 2);
      projection += static_cast<double>(weight[d]) * d_y[n * kWidth + d] * x[n * kWidth + d];
    }
    const double s = 1 / std::sqrt(squares / kWidth + kEpsilon);
    for (std::int64_t d = 0; d < kWidth; ++d) {
      const std::int64_t i = n * kWidth + d;
      EXPECT_NEAR(y[i], x[i] * s * weight[d], 1e-5);
      EXPECT_NEAR(d_x[i], 2 + s * weight[d] * d_y[i] - s * s * s * projection / kWidth * x[i], 1e-5);
    }
  }
}

TEST_P(LayerKernelsOf, RotationAndItsInverse) {
  Random random(2);
  constexpr std::int64_t kRows = 3, kHeads = 2, kSize = 10, kPairs = kSize / 2;
  const auto x = random_values(kRows * kHeads * kSize, random);
  std::vector<float> cosine, sine;
  for (int i = 0; i < kRows * kPairs; ++i) {
    cosine.push_back(static_cast<float>(std::cos(0.7 * i)));
    sine.push_back(static_cast<float>(std::sin(0.7 * i)));
  }
  auto y = x;
  kernels().rotate(y.data(), cosine.data(), sine.data(), 1, kRows, kHeads, kSize);
  const std::int64_t head = (1 * kHeads + 1) * kSize, pair = 1 * kPairs + 3;  // row 1, head 1, pair 3
  EXPECT_NEAR(y[head + 3], x[head + 3] * cosine[pair] - x[head + 3 + kPairs] * sine[pair], 1e-6);
  EXPECT_NEAR(y[head + 3 + kPairs], x[head + 3 + kPairs] * cosine[pair] + x[head + 3] * sine[pair], 1e-6);
  kernels().rotate(y.data(), cosine.data(), sine.data(), -1, kRows, kHeads, kSize);
  for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(y[i], x[i], 1e-6);
}

TEST_P(LayerKernelsOf, SwigluAndItsGradient) {
  std::vector<float> gate = {-200, -88, -30, -3, -1, -0.1F, 0, 1e-6F, 0.5F, 2, 20, 87, 89, 200};
  for (int i = 0; i < 40; ++i) gate.push_back(0.37F * static_cast<float>(i) - 7);
  const auto count = static_cast<std::int64_t>(gate.size());
  std::vector<float> up(count, 1.5F), d_product(count, 2.0F), product(count), d_gate(count), d_up(count);
  kernels().swiglu(gate.data(), up.data(), count, product.data());
  kernels().swiglu_backward(d_product.data(), gate.data(), up.data(), count, d_gate.data(), d_up.data());
  for (std::int64_t i = 0; i < count; ++i) {
    const double g = gate[i], sigma = 1 / (1 + std::exp(-g));
    const double tolerance = 1e-6 * (1 + std::abs(g));
    EXPECT_NEAR(product[i], g * sigma * 1.5, tolerance) << g;
    EXPECT_NEAR(d_gate[i], 3 * sigma * (1 + g * (1 - sigma)), 4 * tolerance) << g;
    EXPECT_NEAR(d_up[i], 2 * g * sigma, 2 * tolerance) << g;
  }
}

TEST_P(LayerKernelsOf, Transposes) {
  Random random(3);
  constexpr std::int64_t kLeading = 48;
  for (const std::int64_t rows : {1, 15, 16, 33})
    for (const std::int64_t columns : {1, 16, 37}) {
      const auto from = random_values(rows * columns, random);
      std::vector<float> to(columns * kLeading, 7.0F);
      kernels().transpose(from.data(), rows, columns, to.data(), kLeading);
      for (std::int64_t c = 0; c < columns; ++c)
        for (std::int64_t r = 0; r < kLeading; ++r) {
          const float value = to[c * kLeading + r];
          if (r < rows)
            EXPECT_EQ(value, from[r * columns + c]);
          else if (r < (rows + 15) / 16 * 16)
            EXPECT_TRUE(value == 0 || value == 7);  // narrower vectors fill up to fewer
          else
            EXPECT_EQ(value, 7);
        }
    }
}

}  // namespace
}  // namespace conceptune::kernels
