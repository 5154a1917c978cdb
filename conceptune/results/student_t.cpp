#include "conceptune/results/student_t.h"

#include <cassert>
#include <cmath>
#include <numbers>

namespace conceptune::evaluation {
namespace {

/// P(|T| <= t): Abramowitz and Stegun, 26.7.3 and 26.7.4.
double central_probability(double t, int degrees) {
  const double angle = std::atan(t / std::sqrt(degrees));
  const double squared = std::cos(angle) * std::cos(angle);
  const bool odd = degrees % 2 == 1;
  double term = odd ? std::cos(angle) : 1;
  double sum = degrees == 1 ? 0 : term;
  for (int k = odd ? 3 : 2; k <= degrees - 2; k += 2) {
    term *= squared * (k - 1) / k;
    sum += term;
  }
  return odd ? 2 / std::numbers::pi * (angle + std::sin(angle) * sum) : std::sin(angle) * sum;
}

}  // namespace

double student_t(double confidence, int degrees) {
  assert(confidence > 0 && confidence < 1 && degrees >= 1);
  double low = 0, high = 1;
  while (central_probability(high, degrees) < confidence) high *= 2;
  while (high - low > 1e-10 * high) {
    const double middle = (low + high) / 2;
    (central_probability(middle, degrees) < confidence ? low : high) = middle;
  }
  return (low + high) / 2;
}

}  // namespace conceptune::evaluation
