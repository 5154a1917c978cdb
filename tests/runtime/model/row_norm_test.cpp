#include "conceptune/runtime/model/row_norm.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace conceptune::model {
namespace {

constexpr std::int64_t kWidth = 5;
const std::vector<float> kX = {0.5F, -1, 2, 0.25F, 3, 1, 1, -2, 0.5F, 0.125F};
const std::vector<float> kWeight = {1, 0.5F, 2, -1, 0.75F};
constexpr double kEpsilon = 1e-5;

/// y of both rows in double precision.
std::vector<double> formula(const std::vector<double>& x) {
  std::vector<double> y(x.size());
  for (std::size_t row = 0; row < 2; ++row) {
    double squares = 0;
    for (std::size_t i = 0; i < kWidth; ++i) squares += x[row * kWidth + i] * x[row * kWidth + i];
    for (std::size_t i = 0; i < kWidth; ++i)
      y[row * kWidth + i] = x[row * kWidth + i] / std::sqrt(squares / kWidth + kEpsilon) * kWeight[i];
  }
  return y;
}

TEST(RowNorm, IsTheFormulaAndItsGradient) {
  const RowNorm norm{kWeight.data(), kWidth, static_cast<float>(kEpsilon)};
  std::vector<float> y(kX.size()), scale(2);
  norm.forward(kX.data(), 0, 2, {y.data()}, scale.data());
  const std::vector<double> x(kX.begin(), kX.end()), expected = formula(x);
  for (std::size_t i = 0; i < y.size(); ++i) EXPECT_NEAR(y[i], expected[i], 1e-6);

  const std::vector<float> d_y = {1, -0.5F, 0.25F, 2, 1, 0.5F, 1, -1, 0.75F, 2};
  std::vector<float> d_x(kX.size(), 1);
  norm.backward(d_y.data(), kX.data(), scale.data(), 0, 2, d_x.data());
  for (std::size_t i = 0; i < x.size(); ++i) {
    constexpr double kStep = 1e-6;
    auto above = x, below = x;
    above[i] += kStep;
    below[i] -= kStep;
    const auto up = formula(above), down = formula(below);
    double slope = 0;
    for (std::size_t j = 0; j < x.size(); ++j) slope += d_y[j] * (up[j] - down[j]) / (2 * kStep);
    EXPECT_NEAR(d_x[i], 1 + slope, 1e-5) << "it is added, at " << i;
  }
}

}  // namespace
}  // namespace conceptune::model
