// Products with every form of a matrix against libtorch's with the whole of it.
#include "conceptune/runtime/matrices/matrix_products.h"

#include <omp.h>

#include "conceptune/runtime/kernels/parallel.h"
#include "tests/runtime/model/matrix_forms.h"
#include "tests/runtime/model/random_model.h"

namespace conceptune::model {
namespace {

class MatrixProductsTest : public test::MatrixForms {
 protected:
  ~MatrixProductsTest() override { omp_set_num_threads(threads_); }

  /// Split over the threads or within one of them, plain and added.
  void expect_products(ProductType type, std::int64_t rows, double tolerance) {
    const std::int64_t out = weight_OI_.size(0), in = weight_OI_.size(1);
    const at::Tensor x_NI = at::randn({rows, in}), d_y_NO = at::randn({rows, out});
    const at::Tensor expected_NO = at::mm(x_NI, weight_OI_.t()), expected_NI = at::mm(d_y_NO, weight_OI_);
    for (FrozenMatrix matrix : forms()) {
      matrix.set_products(type);
      for (const int tasks : {1, 2})
        kernels::parallel_for(tasks, [&](std::int64_t) {
          const at::Tensor y_NO = at::full({rows, out}, 7.0F), d_x_NI = at::full({rows, in}, 7.0F);
          const at::Tensor others_NI = x_NI * 2, other_NO = at::empty({rows, out});
          // Each is read twice, with the other in between.
          const ProductRows x(x_NI.data_ptr<float>(), rows, in),
              others(others_NI.data_ptr<float>(), rows, in);
          for (const bool add : {false, true}) {
            multiply(x, {{&matrix, add, y_NO.data_ptr<float>()}});
            multiply(others, {{&matrix, false, other_NO.data_ptr<float>()}});
            multiply_backward({{&matrix, d_y_NO.data_ptr<float>()}}, rows, add, d_x_NI.data_ptr<float>());
            EXPECT_LT(test::relative_difference(other_NO, expected_NO * 2), tolerance);
            EXPECT_LT(test::relative_difference(y_NO, expected_NO * (add ? 2 : 1)), tolerance);
            EXPECT_LT(test::relative_difference(d_x_NI, expected_NI * (add ? 2 : 1)), tolerance);
          }
        });
    }
  }

  /// In every type that this processor multiplies; operands in bfloat16 have eight binary digits.
  void expect_products(std::int64_t rows) {
    expect_products(ProductType::float32, rows, 1e-5);
    if (fastest_products() == ProductType::bfloat16) expect_products(ProductType::bfloat16, rows, 1e-2);
  }

 private:
  int threads_ = omp_get_max_threads();
};

TEST_F(MatrixProductsTest, OfFewAndOfManyRows) {
  for (const std::int64_t rows : {1, 5, 70}) expect_products(rows);
}

// More than is expanded at once, by a thread of its own and by all of them.
TEST_F(MatrixProductsTest, OfAMatrixInSeveralTiles) {
  make_weights(600, 9000);
  expect_products(65);
  omp_set_num_threads(40);
  expect_products(65);
}

TEST_F(MatrixProductsTest, OfAHead) {
  make_weights(20000, 8);  // more rows than gradients are rounded for at once
  expect_products(3);
}

TEST_F(MatrixProductsTest, WithColumnsThatBlocksDivide) {
  make_weights(70, 1000);  // four blocks of 256, the last a part of one
  expect_products(65);
}

TEST_F(MatrixProductsTest, SeveralAtOnceAreThoseOneByOne) {
  constexpr std::int64_t kRows = 70;
  const at::Tensor x_NI = at::randn({kRows, kIn});
  std::vector<ProductType> types = {ProductType::float32};
  if (fastest_products() == ProductType::bfloat16) types.push_back(ProductType::bfloat16);
  for (const ProductType type : types) {
    std::vector<FrozenMatrix> matrices;
    for (const std::int64_t out : {200, 33, 17000}) {  // the last begins a round of its own
      make_weights(out, kIn);
      matrices.push_back(stored());
      matrices.back().set_products(type);
    }
    std::vector<at::Tensor> y, d_y;
    std::vector<ForwardProduct> products;
    std::vector<BackwardProduct> gradients;
    for (const FrozenMatrix& matrix : matrices) {
      y.push_back(at::empty({kRows, matrix.out()}));
      d_y.push_back(at::randn({kRows, matrix.out()}));
      products.push_back({&matrix, false, y.back().data_ptr<float>()});
      gradients.push_back({&matrix, d_y.back().data_ptr<float>()});
    }
    const at::Tensor d_x_NI = at::empty({kRows, kIn}), one_by_one_NI = at::empty({kRows, kIn});
    multiply({x_NI.data_ptr<float>(), kRows, kIn}, products);
    multiply_backward(gradients, kRows, false, d_x_NI.data_ptr<float>());
    for (std::size_t i = 0; i < matrices.size(); ++i) {
      const at::Tensor alone_NO = at::empty({kRows, matrices[i].out()});
      multiply({x_NI.data_ptr<float>(), kRows, kIn}, {{&matrices[i], false, alone_NO.data_ptr<float>()}});
      EXPECT_LT(test::relative_difference(y[i], alone_NO), 1e-6);
      multiply_backward({gradients[i]}, kRows, i > 0, one_by_one_NI.data_ptr<float>());
    }
    EXPECT_LT(test::relative_difference(d_x_NI, one_by_one_NI), 1e-5);
  }
}

TEST_F(MatrixProductsTest, ReadWhatIsRoundedAlready) {
  if (fastest_products() != ProductType::bfloat16) GTEST_SKIP() << "products are in float32";
  constexpr std::int64_t kRows = 20;
  FrozenMatrix matrix = stored(), other = stored();
  matrix.set_products(ProductType::bfloat16);
  other.set_products(ProductType::bfloat16);
  const at::Tensor x_NI = at::randn({kRows, kIn}), d_y_NO = at::randn({kRows, kOut});
  const at::Tensor x16_NI = x_NI.to(at::kBFloat16), d_y16_NO = d_y_NO.to(at::kBFloat16);
  const auto halves = [](const at::Tensor& x) { return static_cast<const std::uint16_t*>(x.data_ptr()); };
  const auto product = [&](const ProductRows& x) {
    const at::Tensor y_NO = at::empty({kRows, kOut});
    multiply(x, {{&matrix, false, y_NO.data_ptr<float>()}});
    return y_NO;
  };
  EXPECT_TRUE(
      product({nullptr, kRows, kIn, halves(x16_NI)}).equal(product({x_NI.data_ptr<float>(), kRows, kIn})));
  // Of two, one rounded.
  const auto gradient = [&](const BackwardProduct& second) {
    const at::Tensor d_x_NI = at::empty({kRows, kIn});
    multiply_backward({{&matrix, d_y_NO.data_ptr<float>()}, second}, kRows, false, d_x_NI.data_ptr<float>());
    return d_x_NI;
  };
  EXPECT_TRUE(
      gradient({&other, nullptr, halves(d_y16_NO)}).equal(gradient({&other, d_y_NO.data_ptr<float>()})));
}

}  // namespace
}  // namespace conceptune::model
