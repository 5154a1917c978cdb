// Against torch.optim.AdamW with clipping (values of tests/reference/optimizer.py).
#include "conceptune/training/optimizer/adamw.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "conceptune/base/json.h"
#include "tests/support/doubles.h"
#include "tests/support/inputs.h"
#include "tests/support/matrices.h"

namespace conceptune::training {
namespace {

using test::matrix_of;
using test::random_matrix;

std::vector<float> to_floats(const Json& values) { return values.get<std::vector<float>>(); }

OptimizerOptions reference_options() {
  OptimizerOptions options;
  options.weight_decay = 0.05;
  return options;
}

TEST(AdamW, StepsAsTorchDoes) {
  const Json reference = read_json_file(test::source("tests/reference/optimizer.json"), "reading")["adamw"];
  const model::Matrix parameter = matrix_of({to_floats(reference["start"])});
  AdamW optimizer({parameter});
  for (const Json& step : reference["steps"]) {
    std::vector<float> gradient = to_floats(step["gradient"]);
    const double norm = gradient_norm(gradient);
    EXPECT_NEAR(norm, step["norm"].get<double>(), 1e-6);
    clip_gradient(gradient, norm, 1);
    optimizer.step(gradient, 0.01, reference_options());
    EXPECT_TRUE(test::all_close(parameter, matrix_of({to_floats(step["parameter"])}), 1e-6, 1e-7));
  }
  EXPECT_EQ(optimizer.steps(), 6);
}

/// The gradient of all parameters, the same for the same step.
std::vector<float> gradient_of(std::uint64_t step, std::int64_t size) {
  return test::values_of(random_matrix(1, size, step));
}

TEST(AdamW, EachParameterTakesItsPartOfTheGradient) {
  const model::Matrix first = random_matrix(7, 3, 20), second = random_matrix(1, 5, 21);
  std::vector<float> all = test::values_of(first);
  const auto others = test::values_of(second);
  all.insert(all.end(), others.begin(), others.end());
  const model::Matrix together = matrix_of({all});
  AdamW apart({first, second}), whole({together});
  for (std::uint64_t step = 0; step < 3; ++step) {
    apart.step(gradient_of(step, 26), 0.01, reference_options());
    whole.step(gradient_of(step, 26), 0.01, reference_options());
  }
  const auto values = test::values_of(together);
  EXPECT_EQ(test::values_of(first), std::vector<float>(values.begin(), values.begin() + 21));
  EXPECT_EQ(test::values_of(second), std::vector<float>(values.begin() + 21, values.end()));
  EXPECT_EQ(count_values({first, second}), 26);
}

TEST(AdamW, RestoredStateGoesOnWithTheSameBits) {
  const model::Matrix start = random_matrix(7, 3, 30);
  const model::Matrix straight = test::copy_of(start), resumed = test::copy_of(start);
  AdamW whole({straight});
  for (std::uint64_t step = 0; step < 8; ++step) whole.step(gradient_of(step, 21), 0.01, reference_options());

  AdamW first({resumed});
  for (std::uint64_t step = 0; step < 5; ++step) first.step(gradient_of(step, 21), 0.01, reference_options());
  AdamW second({resumed});
  second.restore(first.steps(), first.first_moments(), first.second_moments());
  for (std::uint64_t step = 5; step < 8; ++step)
    second.step(gradient_of(step, 21), 0.01, reference_options());
  EXPECT_TRUE(test::equal(resumed, straight));
  EXPECT_FALSE(test::equal(resumed, start));
}

TEST(AdamW, ClippingLeavesSmallGradientsAndIsOffAtZero) {
  std::vector<float> gradient(16, 0.25F);  // norm 1
  clip_gradient(gradient, gradient_norm(gradient), 2);
  clip_gradient(gradient, gradient_norm(gradient), 0);
  EXPECT_NEAR(gradient_norm(gradient), 1, 1e-6);
  clip_gradient(gradient, 1, 0.5);
  EXPECT_NEAR(gradient_norm(gradient), 0.5, 1e-5);
}

TEST(AdamW, NormOfNonFiniteGradientsIsNotFinite) {
  EXPECT_FALSE(std::isfinite(gradient_norm(std::vector{1.F, 1.F, std::numeric_limits<float>::infinity()})));
  EXPECT_FALSE(std::isfinite(gradient_norm(std::vector{std::numeric_limits<float>::quiet_NaN(), 1.F, 1.F})));
}

}  // namespace
}  // namespace conceptune::training
