// Products with every form of a matrix against those by the formula with the whole of it.
#include "conceptune/runtime/matrices/matrix_products.h"

#include <omp.h>

#include "conceptune/runtime/kernels/parallel.h"
#include "tests/runtime/model/matrix_forms.h"

namespace conceptune::model {
namespace {

class MatrixProductsTest : public test::MatrixForms {
 protected:
  static Matrix times(const Matrix& matrix, float factor) {
    const Matrix scaled = test::copy_of(matrix);
    for (std::int64_t i = 0; i < scaled.size(); ++i) scaled.values()[i] *= factor;
    return scaled;
  }

  ~MatrixProductsTest() override { omp_set_num_threads(threads_); }

  /// Split over the threads or within one of them, plain and added.
  void expect_products(ProductType type, std::int64_t rows, double tolerance) {
    const std::int64_t out = weight_OI_.rows(), in = weight_OI_.width();
    const Matrix x_NI = test::random_matrix(rows, in, 2), d_y_NO = test::random_matrix(rows, out, 3);
    const Matrix others_NI = times(x_NI, 2);
    const Matrix once_NO = test::product(x_NI, weight_OI_, /*b_transposed=*/true),
                 once_NI = test::product(d_y_NO, weight_OI_);
    const Matrix expected_NO[] = {once_NO, times(once_NO, 2)}, expected_NI[] = {once_NI, times(once_NI, 2)};
    for (FrozenMatrix matrix : forms()) {
      matrix.set_products(type);
      for (const int tasks : {1, 2})
        kernels::parallel_for(tasks, [&](std::int64_t) {
          const Matrix y_NO = test::filled(rows, out, 7), d_x_NI = test::filled(rows, in, 7);
          const Matrix other_NO(rows, out);
          // Each is read twice, with the other in between.
          const ProductRows x{x_NI.values(), rows, in}, others{others_NI.values(), rows, in};
          for (const bool add : {false, true}) {
            multiply(x, {{&matrix, add, y_NO.values()}});
            multiply(others, {{&matrix, false, other_NO.values()}});
            multiply_backward({{&matrix, d_y_NO.values()}}, rows, add, d_x_NI.values());
            EXPECT_LT(test::relative_difference(other_NO, expected_NO[1]), tolerance);
            EXPECT_LT(test::relative_difference(y_NO, expected_NO[add ? 1 : 0]), tolerance);
            EXPECT_LT(test::relative_difference(d_x_NI, expected_NI[add ? 1 : 0]), tolerance);
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
  const Matrix x_NI = test::random_matrix(kRows, kIn, 2);
  std::vector<ProductType> types = {ProductType::float32};
  if (fastest_products() == ProductType::bfloat16) types.push_back(ProductType::bfloat16);
  for (const ProductType type : types) {
    std::vector<FrozenMatrix> matrices;
    for (const std::int64_t out : {200, 33, 17000}) {  // the last begins a round of its own
      make_weights(out, kIn);
      matrices.push_back(stored());
      matrices.back().set_products(type);
    }
    std::vector<Matrix> y, d_y;
    std::vector<ForwardProduct> products;
    std::vector<BackwardProduct> gradients;
    for (const FrozenMatrix& matrix : matrices) {
      y.emplace_back(kRows, matrix.out());
      d_y.push_back(test::random_matrix(kRows, matrix.out(), 3));
      products.push_back({&matrix, false, y.back().values()});
      gradients.push_back({&matrix, d_y.back().values()});
    }
    const Matrix d_x_NI(kRows, kIn), one_by_one_NI(kRows, kIn);
    multiply({x_NI.values(), kRows, kIn}, products);
    multiply_backward(gradients, kRows, false, d_x_NI.values());
    for (std::size_t i = 0; i < matrices.size(); ++i) {
      const Matrix alone_NO(kRows, matrices[i].out());
      multiply({x_NI.values(), kRows, kIn}, {{&matrices[i], false, alone_NO.values()}});
      EXPECT_LT(test::relative_difference(y[i], alone_NO), 1e-6);
      multiply_backward({gradients[i]}, kRows, i > 0, one_by_one_NI.values());
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
  const Matrix x_NI = test::random_matrix(kRows, kIn, 2), d_y_NO = test::random_matrix(kRows, kOut, 3);
  const Bf16Matrix x16_NI = test::rounded(x_NI), d_y16_NO = test::rounded(d_y_NO);
  const auto product = [&](const ProductRows& x) {
    const Matrix y_NO(kRows, kOut);
    multiply(x, {{&matrix, false, y_NO.values()}});
    return y_NO;
  };
  EXPECT_TRUE(
      test::equal(product({nullptr, kRows, kIn, x16_NI.values()}), product({x_NI.values(), kRows, kIn})));
  // Of two, one rounded.
  const auto gradient = [&](const BackwardProduct& second) {
    const Matrix d_x_NI(kRows, kIn);
    multiply_backward({{&matrix, d_y_NO.values()}, second}, kRows, false, d_x_NI.values());
    return d_x_NI;
  };
  EXPECT_TRUE(
      test::equal(gradient({&other, nullptr, d_y16_NO.values()}), gradient({&other, d_y_NO.values()})));
}

}  // namespace
}  // namespace conceptune::model
