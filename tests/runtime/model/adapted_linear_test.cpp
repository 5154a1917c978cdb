#include "conceptune/runtime/model/adapted_linear.h"

#include <gtest/gtest.h>

#include "tests/runtime/model/random_model.h"
#include "tests/support/plain_decoder.h"

namespace conceptune::model {
namespace {

/// The gradient of a function that is linear in each number of `x`: its differences over a step of any
/// length.
template <class Function>
Matrix gradient_of(const Function& f, test::PlainMatrix& x) {
  test::PlainMatrix gradient(x.rows, x.width);
  for (std::size_t i = 0; i < x.values.size(); ++i) {
    const double before = x.values[i];
    x.values[i] = before + 0.5;
    gradient.values[i] = f();
    x.values[i] = before - 0.5;
    gradient.values[i] -= f();
    x.values[i] = before;
  }
  return gradient.as_matrix();
}

Matrix plus_one(const Matrix& matrix) {
  const Matrix sum = test::copy_of(matrix);
  for (std::int64_t i = 0; i < sum.size(); ++i) sum.values()[i] += 1;
  return sum;
}

class AdaptedLinearTest : public testing::Test {
 protected:
  AdaptedLinearTest() { config_.qkv_bias = true; }

  /// Values and gradients of rows 3.. of a batch are those of the formula.
  void expect_equals_formula(const LoraAdapter* adapter, Projection projection, double dropout) {
    const DecoderWeights weights(config_, {test::random_weights(config_)}, {});
    const LayerWeights& layer = weights.layer(1);
    const AdaptedLinear linear(layer, adapter, 1, projection, {dropout, kSeed});
    const Matrix x_NI = test::random_matrix(kRows, linear.in(), 2),
                 d_y_NO = test::random_matrix(kRows, linear.out(), 3);
    test::PlainMatrix x(x_NI);
    const test::PlainMatrix w(layer.matrix(projection).whole()), bias(layer.bias(projection)), d_y(d_y_NO);
    std::optional<test::PlainPair> pair;
    if (adapter) pair = pair_of(*adapter, projection, dropout);
    const auto formula = [&] {
      return test::plain_linear(x, w, bias.rows ? &bias : nullptr, pair ? &*pair : nullptr);
    };
    const Matrix expected_NO = formula().as_matrix(), y_NO = test::filled(kRows, linear.out(), 1);
    project({x_NI.values(), kRows, linear.in()}, kFirst, {{&linear, /*add=*/true, y_NO.values()}});
    EXPECT_LT(test::relative_difference(y_NO, plus_one(expected_NO)), 1e-5);
    project({x_NI.values(), kRows, linear.in()}, kFirst, {{&linear, /*add=*/false, y_NO.values()}});
    EXPECT_LT(test::relative_difference(y_NO, expected_NO), 1e-5);

    const Matrix d_x_NI = test::filled(kRows, linear.in(), 1),
                 d_adapter = test::filled(1, linear.adapter_size() + 1, 1);
    project_backward(x_NI.values(), kRows, kFirst, {{&linear, d_y_NO.values(), d_adapter.values()}},
                     /*add=*/true, d_x_NI.values());
    const auto loss = [&] { return test::inner_product(formula().values, d_y.values); };
    EXPECT_LT(test::relative_difference(d_x_NI, plus_one(gradient_of(loss, x))), 1e-5);
    EXPECT_EQ(d_adapter.values()[linear.adapter_size()], 1) << "beyond its own gradient";
    if (!pair) return;
    const float* next = d_adapter.values();
    for (test::PlainMatrix* parameter : {&pair->a_RI, &pair->b_OR}) {
      const Matrix d_parameter(parameter->rows, parameter->width);
      std::copy_n(next, d_parameter.size(), d_parameter.values());
      next += d_parameter.size();
      EXPECT_LT(test::relative_difference(d_parameter, plus_one(gradient_of(loss, *parameter))), 1e-5);
    }
  }

  static test::PlainPair pair_of(const LoraAdapter& adapter, Projection projection, double dropout) {
    const LoraPair& pair = *adapter.find(1, projection);
    const std::int64_t in = pair.a_RI.width();
    const Matrix mask_NI(kFirst + kRows, in);
    fill_dropout_mask({kSeed, 1, projection}, dropout, 0, kFirst + kRows, in, mask_NI.values());
    return {test::PlainMatrix(pair.a_RI), test::PlainMatrix(pair.b_OR), adapter.scaling(pair),
            test::PlainMatrix(rows_of(mask_NI, kFirst, kRows))};
  }

  static constexpr std::int64_t kFirst = 3, kRows = 6;
  static constexpr std::uint64_t kSeed = 5;

  weights::ModelConfig config_ = test::small_config();
};

TEST_F(AdaptedLinearTest, WithoutAdapter) { expect_equals_formula(nullptr, Projection::k, 0); }

TEST_F(AdaptedLinearTest, WithAdapter) {
  expect_equals_formula(test::random_adapter(config_, {.rank = 3, .alpha = 5, .targets = {"all"}}).get(),
                        Projection::down, 0);
}

TEST_F(AdaptedLinearTest, WithAdapterAndDropout) {
  expect_equals_formula(test::random_adapter(config_, {.rank = 3, .targets = {"all"}}).get(), Projection::q,
                        0.4);
}

}  // namespace
}  // namespace conceptune::model
