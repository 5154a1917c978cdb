#include "conceptune/guest/plain_ops.h"

#include <gtest/gtest.h>

#include "conceptune/guest/tensor_handles.h"
#include "conceptune/runtime/model/rope.h"

namespace conceptune::guest {
namespace {

TEST(PlainOps, RmsNormGivesRowsOfRootMeanSquareOne) {
  const at::Tensor x = at::tensor({3.0F, 4.0F, -1.0F, 1.0F}).view({2, 2});
  const at::Tensor y = plain::rms_norm(x, at::tensor({1.0F, 2.0F}), 0.0);
  const float root = std::sqrt(12.5F);
  EXPECT_TRUE(at::allclose(y, at::tensor({3 / root, 8 / root, -1.0F, 2.0F}).view({2, 2}), 1e-6, 1e-6));
}

TEST(PlainOps, RotationKeepsLengthsAndMakesProductsDependOnDistanceAlone) {
  at::manual_seed(1);
  const at::Tensor q_1HK = at::randn({1, 1, 8}), k_1HK = at::randn({1, 1, 8});
  const std::vector<double> frequencies = {1.0, 0.3, 0.1, 0.02};
  const auto rotated = [&](const at::Tensor& x, std::int32_t position) {
    const auto rotation = model::rotation_at(frequencies, std::span(&position, 1));
    return plain::rotate(x, tensor_over(rotation.cos_NP), tensor_over(rotation.sin_NP));
  };
  EXPECT_NEAR(rotated(q_1HK, 9).norm().item<float>(), q_1HK.norm().item<float>(), 1e-5);
  const auto product = [&](int a, int b) {
    return (rotated(q_1HK, a) * rotated(k_1HK, b)).sum().item<float>();
  };
  EXPECT_NEAR(product(9, 4), product(25, 20), 1e-4);
  EXPECT_GT(std::abs(product(9, 4) - product(9, 5)), 1e-3);
}

TEST(PlainOps, AttentionEqualsItsDefinition) {
  at::manual_seed(2);
  constexpr std::int64_t kTokens = 5, kHeads = 4, kKvHeads = 2, kSize = 6;
  const at::Tensor q = at::randn({kTokens, kHeads, kSize}), k = at::randn({kTokens, kKvHeads, kSize}),
                   v = at::randn({kTokens, kKvHeads, kSize});
  const std::vector<std::int32_t> starts = {0, 3, 5};
  const at::Tensor attended = plain::causal_attention(q, k, v, starts);
  for (std::int64_t h = 0; h < kHeads; ++h) {
    for (std::int64_t t = 0; t < kTokens; ++t) {
      const std::int64_t begin = t < 3 ? 0 : 3, g = h / 2;
      const at::Tensor scores = (k.slice(0, begin, t + 1).select(1, g) * q[t][h]).sum(-1) / std::sqrt(6.0);
      const at::Tensor expected = at::matmul(at::softmax(scores, 0), v.slice(0, begin, t + 1).select(1, g));
      EXPECT_TRUE(at::allclose(attended[t][h], expected, 1e-5, 1e-6)) << "head " << h << ", token " << t;
    }
  }
}

TEST(PlainOps, SwigluIsSiluOfGateTimesUp) {
  const at::Tensor gate = at::tensor({-1.0F, 0.0F, 2.0F}), up = at::tensor({3.0F, 5.0F, -1.0F});
  const auto silu = [](double x) { return static_cast<float>(x / (1 + std::exp(-x))); };
  EXPECT_TRUE(at::allclose(plain::swiglu(gate, up), at::tensor({3 * silu(-1), 0.0F, -silu(2)}), 1e-6, 1e-6));
}

}  // namespace
}  // namespace conceptune::guest
