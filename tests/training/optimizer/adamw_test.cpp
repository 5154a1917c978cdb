// Against torch.optim.AdamW with clipping (values of tests/reference/optimizer.py).
#include "conceptune/training/optimizer/adamw.h"

#include <gtest/gtest.h>

#include <limits>

#include "conceptune/base/json.h"
#include "tests/support/inputs.h"

namespace conceptune::training {
namespace {

at::Tensor to_tensor(const Json& values) {
  return at::tensor(values.get<std::vector<double>>()).to(at::kFloat);
}

OptimizerOptions reference_options() {
  OptimizerOptions options;
  options.weight_decay = 0.05;
  return options;
}

TEST(AdamW, StepsAsTorchDoes) {
  const Json reference = read_json_file(test::source("tests/reference/optimizer.json"), "reading")["adamw"];
  const at::Tensor parameter = to_tensor(reference["start"]);
  AdamW optimizer({parameter});
  for (const Json& step : reference["steps"]) {
    const std::vector gradients = {to_tensor(step["gradient"])};
    const double norm = gradient_norm(gradients);
    EXPECT_NEAR(norm, step["norm"].get<double>(), 1e-6);
    clip_gradients(gradients, norm, 1);
    optimizer.step(gradients, 0.01, reference_options());
    EXPECT_TRUE(at::allclose(parameter, to_tensor(step["parameter"]), 1e-6, 1e-7));
  }
  EXPECT_EQ(optimizer.steps(), 6);
}

TEST(AdamW, RestoredStateGoesOnWithTheSameBits) {
  at::manual_seed(3);
  std::vector<at::Tensor> gradients;
  for (int step = 0; step < 8; ++step) gradients.push_back(at::randn({7, 3}));
  const at::Tensor start = at::randn({7, 3});
  const at::Tensor straight = start.clone();
  AdamW whole({straight});
  for (const auto& gradient : gradients) whole.step({gradient}, 0.01, reference_options());

  at::Tensor resumed = start.clone();
  AdamW first({resumed});
  for (int step = 0; step < 5; ++step) first.step({gradients[step]}, 0.01, reference_options());
  AdamW second({resumed});
  second.restore(first.steps(), first.first_moments(), first.second_moments());
  for (int step = 5; step < 8; ++step) second.step({gradients[step]}, 0.01, reference_options());
  EXPECT_TRUE(at::equal(resumed, straight));
}

TEST(AdamW, ClippingLeavesSmallGradientsAndIsOffAtZero) {
  const std::vector gradients = {at::full({4}, 0.25f), at::full({12}, 0.25f)};  // norm 1
  clip_gradients(gradients, gradient_norm(gradients), 2);
  clip_gradients(gradients, gradient_norm(gradients), 0);
  EXPECT_NEAR(gradient_norm(gradients), 1, 1e-6);
  clip_gradients(gradients, 1, 0.5);
  EXPECT_NEAR(gradient_norm(gradients), 0.5, 1e-5);
}

TEST(AdamW, NormOfNonFiniteGradientsIsNotFinite) {
  EXPECT_FALSE(
      std::isfinite(gradient_norm({at::ones({2}), at::full({1}, std::numeric_limits<float>::infinity())})));
  EXPECT_FALSE(
      std::isfinite(gradient_norm({at::full({1}, std::numeric_limits<float>::quiet_NaN()), at::ones({2})})));
}

}  // namespace
}  // namespace conceptune::training
