// Matrices for tests: made, compared, and multiplied by the formula in double precision.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <numeric>
#include <vector>

#include "conceptune/base/random.h"
#include "conceptune/runtime/matrices/matrix.h"

namespace conceptune::test {

/// Standard normal values times `scale`, the same for the same seed.
inline model::Matrix random_matrix(std::int64_t rows, std::int64_t width, std::uint64_t seed = 1,
                                   double scale = 1) {
  model::Matrix matrix(rows, width);
  Random random(seed, "matrix");
  std::generate_n(matrix.values(), matrix.size(),
                  [&] { return static_cast<float>(scale * random.normal()); });
  return matrix;
}

inline model::Matrix filled(std::int64_t rows, std::int64_t width, float value) {
  model::Matrix matrix(rows, width);
  std::fill_n(matrix.values(), matrix.size(), value);
  return matrix;
}

inline model::Matrix matrix_of(std::initializer_list<std::vector<float>> rows) {
  model::Matrix matrix(static_cast<std::int64_t>(rows.size()),
                       static_cast<std::int64_t>(rows.begin()->size()));
  float* next = matrix.values();
  for (const auto& row : rows) next = std::copy(row.begin(), row.end(), next);
  return matrix;
}

inline model::Matrix copy_of(const model::Matrix& matrix) {
  model::Matrix copy(matrix.rows(), matrix.width());
  std::copy_n(matrix.values(), matrix.size(), copy.values());
  return copy;
}

template <class Number>
std::vector<Number> values_of(const model::MatrixOf<Number>& matrix) {
  return {matrix.values(), matrix.values() + matrix.size()};
}

/// To bfloat16, to the nearest, ties to even.
inline model::Bf16Matrix rounded(const model::Matrix& matrix) {
  model::Bf16Matrix halves(matrix.rows(), matrix.width());
  kernels::conversion_kernels_of(kernels::Isa::plain)
      .to_bf16(matrix.values(), matrix.size(), halves.values());
  return halves;
}

inline model::Matrix widened(const model::Bf16Matrix& halves) {
  model::Matrix matrix(halves.rows(), halves.width());
  kernels::conversion_kernels_of(kernels::Isa::plain)
      .from_bf16(halves.values(), halves.size(), matrix.values());
  return matrix;
}

/// Whether shapes and bits are equal.
inline bool equal(const model::Matrix& a, const model::Matrix& b) {
  return a.rows() == b.rows() && a.width() == b.width() &&
         std::equal(a.values(), a.values() + a.size(), b.values());
}

/// Largest absolute difference over the largest absolute value of `expected`.
inline double relative_difference(const model::Matrix& actual, const model::Matrix& expected) {
  double difference = 0, largest = 0;
  for (std::int64_t i = 0; i < expected.size(); ++i) {
    const double value = expected.values()[i];
    difference = std::max(difference, std::abs(actual.values()[i] - value));
    largest = std::max(largest, std::abs(value));
  }
  return difference / largest;
}

/// log softmax of every row, in double.
inline model::Matrix log_softmax(const model::Matrix& logits) {
  const model::Matrix log_probs(logits.rows(), logits.width());
  for (std::int64_t n = 0; n < logits.rows(); ++n) {
    const float* const row = logits.row(n);
    const double largest = *std::max_element(row, row + logits.width());
    const double total = std::accumulate(row, row + logits.width(), 0.0, [&](double sum, float logit) {
      return sum + std::exp(logit - largest);
    });
    std::transform(row, row + logits.width(), log_probs.row(n),
                   [&](float logit) { return static_cast<float>(logit - largest - std::log(total)); });
  }
  return log_probs;
}

/// a · b, or a · bᵀ, summed in double.
inline model::Matrix product(const model::Matrix& a, const model::Matrix& b, bool b_transposed = false) {
  const std::int64_t columns = b_transposed ? b.rows() : b.width();
  model::Matrix c(a.rows(), columns);
  std::vector<double> sums(static_cast<std::size_t>(columns));
  for (std::int64_t i = 0; i < a.rows(); ++i) {
    std::fill(sums.begin(), sums.end(), 0.0);
    if (b_transposed)
      for (std::int64_t j = 0; j < columns; ++j)
        sums[j] = std::inner_product(b.row(j), b.row(j) + b.width(), a.row(i), 0.0, std::plus<>(),
                                     [](double x, double y) { return x * y; });
    else
      for (std::int64_t k = 0; k < a.width(); ++k)
        for (std::int64_t j = 0; j < columns; ++j)
          sums[j] += static_cast<double>(a.row(i)[k]) * static_cast<double>(b.row(k)[j]);
    std::transform(sums.begin(), sums.end(), c.row(i), [](double sum) { return static_cast<float>(sum); });
  }
  return c;
}

}  // namespace conceptune::test
