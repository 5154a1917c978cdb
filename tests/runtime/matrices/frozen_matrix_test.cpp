// Every form of a matrix against libtorch's product with the whole of it.
#include "conceptune/runtime/matrices/frozen_matrix.h"

#include "tests/runtime/model/matrix_forms.h"
#include "tests/runtime/model/random_model.h"

namespace conceptune::model {
namespace {

using FrozenMatrixTest = test::MatrixForms;

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
