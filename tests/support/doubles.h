// What tests compute by the formula in double precision, and slopes of it by differences.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "conceptune/runtime/matrices/matrix.h"

namespace conceptune::test {

using Doubles = model::MatrixOf<double>;

inline Doubles doubles_of(const model::Matrix& matrix) {
  Doubles doubles(matrix.rows(), matrix.width());
  std::copy_n(matrix.values(), matrix.size(), doubles.values());
  return doubles;
}

/// a · bᵀ.
inline Doubles product_with_transposed(const Doubles& a, const Doubles& b) {
  Doubles c(a.rows(), b.rows());
  for (std::int64_t i = 0; i < a.rows(); ++i)
    for (std::int64_t j = 0; j < b.rows(); ++j) {
      double sum = 0;
      for (std::int64_t k = 0; k < a.width(); ++k) sum += a.row(i)[k] * b.row(j)[k];
      c.row(i)[j] = sum;
    }
  return c;
}

/// log softmax of every row, the result in double too.
template <class Number>
Doubles double_log_softmax(const model::MatrixOf<Number>& logits_NV) {
  Doubles log_p_NV(logits_NV.rows(), logits_NV.width());
  for (std::int64_t n = 0; n < logits_NV.rows(); ++n) {
    const Number* logits_V = logits_NV.row(n);
    const double largest = *std::max_element(logits_V, logits_V + logits_NV.width());
    double sum = 0;
    for (std::int64_t v = 0; v < logits_NV.width(); ++v) sum += std::exp(logits_V[v] - largest);
    for (std::int64_t v = 0; v < logits_NV.width(); ++v)
      log_p_NV.row(n)[v] = logits_V[v] - largest - std::log(sum);
  }
  return log_p_NV;
}

/// The slope of `function`, which takes no argument and reads `numbers`, by each of them. They are the same
/// as before in the end.
template <class Function>
Doubles slopes(const Doubles& numbers, const Function& function) {
  constexpr double kStep = 1e-6;
  Doubles slopes(numbers.rows(), numbers.width());
  for (std::int64_t i = 0; i < numbers.size(); ++i) {
    double& number = numbers.values()[i];
    const double before = number;
    number = before + kStep;
    const double above = function();
    number = before - kStep;
    slopes.values()[i] = (above - function()) / (2 * kStep);
    number = before;
  }
  return slopes;
}

/// Whether shapes are equal, and every number is within absolute + relative · |expected|.
template <class Number>
bool all_close(const model::Matrix& actual, const model::MatrixOf<Number>& expected, double relative,
               double absolute) {
  if (actual.rows() != expected.rows() || actual.width() != expected.width()) return false;
  for (std::int64_t i = 0; i < expected.size(); ++i) {
    const double value = expected.values()[i];
    if (!(std::abs(actual.values()[i] - value) <= absolute + relative * std::abs(value))) return false;
  }
  return true;
}

}  // namespace conceptune::test
