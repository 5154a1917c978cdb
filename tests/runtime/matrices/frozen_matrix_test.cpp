// Every form of a matrix against the product by the formula with the whole of it.
#include "conceptune/runtime/matrices/frozen_matrix.h"

#include "tests/runtime/model/matrix_forms.h"

namespace conceptune::model {
namespace {

using FrozenMatrixTest = test::MatrixForms;

TEST_F(FrozenMatrixTest, MultipliesForwardAndBackwardInEveryForm) {
  const Matrix x_NI = test::random_matrix(3, kIn, 2), d_y_NO = test::random_matrix(3, kOut, 3);
  const Matrix expected_NO = test::product(x_NI, weight_OI_, /*b_transposed=*/true),
               expected_NI = test::product(d_y_NO, weight_OI_);
  for (const FrozenMatrix& matrix : forms()) {
    EXPECT_EQ(matrix.out(), kOut);
    EXPECT_EQ(matrix.in(), kIn);
    EXPECT_LT(test::relative_difference(matrix.forward(x_NI), expected_NO), 1e-5);
    EXPECT_LT(test::relative_difference(matrix.backward(d_y_NO), expected_NI), 1e-5);
    const Matrix y_NO = test::filled(3, kOut, 7);
    matrix.forward_into(x_NI, y_NO);
    EXPECT_TRUE(test::equal(y_NO, matrix.forward(x_NI)));
  }
}

TEST_F(FrozenMatrixTest, GivesRowsAndTheWhole) {
  const std::vector<std::int64_t> rows = {999, 0, 7, 7};
  const std::vector<std::int32_t> ids(rows.begin(), rows.end());
  for (const FrozenMatrix& matrix : forms()) {
    EXPECT_TRUE(test::equal(matrix.whole(), weight_OI_));
    EXPECT_TRUE(test::equal(matrix.rows(ids), rows_of(weight_OI_, rows)));
  }
  EXPECT_EQ(FrozenMatrix(weight_OI_).whole().values(), weight_OI_.values()) << "what is held is not copied";
}

TEST_F(FrozenMatrixTest, ExpandingPaysForMoreRows) {
  EXPECT_EQ(FrozenMatrix(weight_OI_).rows_at_once(100 * kOut), 100);
  EXPECT_EQ(FrozenMatrix(weight_OI_).rows_at_once(1), 16);
  EXPECT_GT(stored().rows_at_once(100 * kOut), 100);
}

TEST_F(FrozenMatrixTest, TheSameBitsAgain) {
  const Matrix d_y_NO = test::random_matrix(70, kOut, 2);
  EXPECT_TRUE(test::equal(stored().backward(d_y_NO), stored().backward(d_y_NO)));
}

}  // namespace
}  // namespace conceptune::model
