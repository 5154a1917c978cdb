// Every form of a matrix against libtorch's product with the whole of it.
#include "conceptune/runtime/model/frozen_matrix.h"

#include <gtest/gtest.h>

#include "conceptune/runtime/kernels/parallel.h"
#include "tests/runtime/model/random_model.h"

namespace conceptune::model {
namespace {

constexpr std::int64_t kOut = 1000, kIn = 100;  // several tiles of a few rows, and a part of one

class FrozenMatrixTest : public testing::Test {
 protected:
  FrozenMatrixTest() {
    at::manual_seed(1);
    make_weights(kOut, kIn);
  }

  void make_weights(std::int64_t out, std::int64_t in) {
    weight_OI_ = at::randn({out, in}).to(at::kBFloat16).to(at::kFloat);  // the same in every form
  }

  FrozenMatrix stored() const {
    const std::int64_t out = weight_OI_.size(0), in = weight_OI_.size(1);
    return {out, in, [weight_OI = weight_OI_, in](std::int64_t first, std::int64_t count, float* rows) {
              std::copy_n(weight_OI.data_ptr<float>() + first * in, count * in, rows);
            }};
  }
  std::vector<FrozenMatrix> forms() const { return {weight_OI_, weight_OI_.to(at::kBFloat16), stored()}; }

  /// Products of our own, split over the threads or within one of them, plain and added.
  void expect_products(ProductType type, std::int64_t rows, double tolerance) {
    const std::int64_t out = weight_OI_.size(0), in = weight_OI_.size(1);
    const at::Tensor x_NI = at::randn({rows, in}), d_y_NO = at::randn({rows, out});
    const at::Tensor expected_NO = at::mm(x_NI, weight_OI_.t()), expected_NI = at::mm(d_y_NO, weight_OI_);
    for (FrozenMatrix matrix : forms()) {
      matrix.set_products(type);
      for (const int tasks : {1, 2})
        kernels::parallel_for(tasks, [&](std::int64_t) {
          const MatrixProducts products(matrix);
          const at::Tensor y_NO = at::full({rows, out}, 7.0F), d_x_NI = at::full({rows, in}, 7.0F);
          const at::Tensor others_NI = x_NI * 2, other_NO = at::empty({rows, out});
          // Each is read twice, with the other in between.
          const ProductRows x(x_NI.data_ptr<float>(), rows, in),
              others(others_NI.data_ptr<float>(), rows, in);
          for (const bool add : {false, true}) {
            products.forward(x, add, y_NO.data_ptr<float>());
            products.forward(others, false, other_NO.data_ptr<float>());
            products.backward(d_y_NO.data_ptr<float>(), rows, add, d_x_NI.data_ptr<float>());
            EXPECT_LT(test::relative_difference(other_NO, expected_NO * 2), tolerance);
            EXPECT_LT(test::relative_difference(y_NO, expected_NO * (add ? 2 : 1)), tolerance);
            EXPECT_LT(test::relative_difference(d_x_NI, expected_NI * (add ? 2 : 1)), tolerance);
          }
        });
    }
  }

  at::Tensor weight_OI_;
};

TEST_F(FrozenMatrixTest, ProductsOfFewAndOfManyRows) {
  for (const std::int64_t rows : {1, 5, 70}) expect_products(ProductType::float32, rows, 1e-5);
}

// Operands and sums have eight binary digits.
TEST_F(FrozenMatrixTest, ProductsInBfloat16) {
  if (fastest_products() != ProductType::bfloat16) GTEST_SKIP() << "no bfloat16 on this processor";
  for (const std::int64_t rows : {1, 5, 70}) expect_products(ProductType::bfloat16, rows, 1e-2);
}

TEST_F(FrozenMatrixTest, ProductsInTilesForAllThreads) {
  make_weights(600, 9000);  // three of at most 256 rows
  expect_products(ProductType::float32, 65, 1e-5);
  if (fastest_products() == ProductType::bfloat16) expect_products(ProductType::bfloat16, 65, 1e-2);
}

TEST_F(FrozenMatrixTest, ProductsWithAHeldHead) {
  make_weights(20000, 8);  // more rows than are multiplied at once
  expect_products(ProductType::float32, 3, 1e-5);
  if (fastest_products() == ProductType::bfloat16) expect_products(ProductType::bfloat16, 3, 1e-2);
}

TEST_F(FrozenMatrixTest, TensorProductsAreDifferentiableInEveryFormAndType) {
  for (const at::ScalarType type : {at::kFloat, at::kDouble}) {
    const at::Tensor x_NI = at::randn({3, kIn}, type), d_y_NO = at::randn({3, kOut}, type);
    for (const FrozenMatrix& matrix : forms()) {
      const at::Tensor input_NI = x_NI.clone().set_requires_grad(true);
      const at::Tensor y_NO = matrix.forward(input_NI);
      EXPECT_EQ(y_NO.scalar_type(), type);
      EXPECT_LT(test::relative_difference(y_NO.detach(), at::mm(x_NI, weight_OI_.to(type).t())), 1e-5);
      y_NO.backward(d_y_NO);
      EXPECT_LT(test::relative_difference(input_NI.grad(), at::mm(d_y_NO, weight_OI_.to(type))), 1e-5);
    }
  }
}

TEST_F(FrozenMatrixTest, GivesRowsAndTheWholeInTheTypeAskedFor) {
  const at::Tensor ids = at::tensor({999, 0, 7, 7}, at::kInt);
  for (const FrozenMatrix& matrix : forms())
    for (const at::ScalarType type : {at::kFloat, at::kBFloat16}) {
      EXPECT_TRUE(matrix.whole(type).equal(weight_OI_.to(type)));
      EXPECT_TRUE(matrix.rows(ids, type).equal(weight_OI_.index_select(0, ids).to(type)));
    }
  EXPECT_TRUE(FrozenMatrix(weight_OI_).whole(at::kFloat).is_same(weight_OI_));
  EXPECT_FALSE(stored().held().defined());
}

TEST_F(FrozenMatrixTest, ExpandingPaysForMoreRows) {
  EXPECT_EQ(FrozenMatrix(weight_OI_).rows_at_once(100 * kOut), 100);
  EXPECT_EQ(FrozenMatrix(weight_OI_).rows_at_once(1), 16);
  EXPECT_GT(stored().rows_at_once(100 * kOut), 100);
}

TEST_F(FrozenMatrixTest, TheSameBitsAgain) {
  const at::Tensor d_y_NO = at::randn({70, kOut});
  EXPECT_TRUE(stored().backward(d_y_NO).equal(stored().backward(d_y_NO)));
}

}  // namespace
}  // namespace conceptune::model
