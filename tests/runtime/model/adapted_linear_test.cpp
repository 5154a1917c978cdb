#include "conceptune/runtime/model/adapted_linear.h"

#include <gtest/gtest.h>

#include "tests/runtime/model/random_model.h"

namespace conceptune::model {
namespace {

class AdaptedLinearTest : public testing::Test {
 protected:
  AdaptedLinearTest() {
    config_.qkv_bias = true;
    at::manual_seed(1);
  }

  /// Both ways of computing rows 3.. of a batch give one another's values and gradients.
  void expect_equals_plain(const LoraAdapter* adapter, Projection projection, double dropout) {
    constexpr std::int64_t kFirst = 3, kRows = 6;
    const DecoderWeights weights(config_, {test::random_weights(config_)}, {});
    const LayerWeights& layer = weights.layer(1);
    const DropoutPlan plan = {dropout, 5};
    const AdaptedLinear linear(layer, adapter, 1, projection, plan);
    const at::Tensor x_NI = at::randn({kRows, linear.in()}).set_requires_grad(true);
    at::Tensor expected_NO = at::linear(x_NI, layer.matrix(projection).held(), layer.bias(projection));
    const LoraPair* pair = adapter ? adapter->find(1, projection) : nullptr;
    if (pair) {
      const at::Tensor mask =
          dropout_mask({5, 1, projection}, dropout, kFirst + kRows, linear.in()).slice(0, kFirst);
      expected_NO =
          expected_NO + adapter->scaling(*pair) * at::linear(at::linear(x_NI * mask, pair->a_RI), pair->b_OR);
    }
    const at::Tensor y_NO = at::ones({kRows, linear.out()}), d_y_NO = at::randn({kRows, linear.out()});
    const float* x = x_NI.data_ptr<float>();
    project({x, kRows, linear.in()}, kFirst, {{&linear, /*add=*/true, y_NO.data_ptr<float>()}});
    EXPECT_LT(test::relative_difference(y_NO, expected_NO + 1), 1e-5);
    project({x, kRows, linear.in()}, kFirst, {{&linear, /*add=*/false, y_NO.data_ptr<float>()}});
    EXPECT_LT(test::relative_difference(y_NO, expected_NO), 1e-5);

    expected_NO.backward(d_y_NO);
    const at::Tensor d_x_NI = at::ones({kRows, linear.in()}),
                     d_adapter = at::ones({linear.adapter_size() + 1});
    project_backward(x, kRows, kFirst, {{&linear, d_y_NO.data_ptr<float>(), d_adapter.data_ptr<float>()}},
                     /*add=*/true, d_x_NI.data_ptr<float>());
    EXPECT_LT(test::relative_difference(d_x_NI, x_NI.grad() + 1), 1e-5);
    if (!pair) return;
    const std::int64_t a_size = pair->a_RI.numel();
    EXPECT_LT(test::relative_difference(d_adapter.slice(0, 0, a_size), pair->a_RI.grad().flatten() + 1),
              1e-5);
    EXPECT_LT(test::relative_difference(d_adapter.slice(0, a_size, -1), pair->b_OR.grad().flatten() + 1),
              1e-5);
    EXPECT_EQ(d_adapter[-1].item<float>(), 1) << "beyond its own gradient";
  }

  weights::ModelConfig config_ = test::small_config();
};

TEST_F(AdaptedLinearTest, WithoutAdapter) { expect_equals_plain(nullptr, Projection::k, 0); }

TEST_F(AdaptedLinearTest, WithAdapter) {
  expect_equals_plain(test::random_adapter(config_, {.rank = 3, .alpha = 5, .targets = {"all"}}).get(),
                      Projection::down, 0);
}

TEST_F(AdaptedLinearTest, WithAdapterAndDropout) {
  expect_equals_plain(test::random_adapter(config_, {.rank = 3, .targets = {"all"}}).get(), Projection::q,
                      0.4);
}

}  // namespace
}  // namespace conceptune::model
