#include "conceptune/guest/tensor_handles.h"

#include <gtest/gtest.h>

namespace conceptune::guest {
namespace {

TEST(TensorHandles, ShareTheNumbers) {
  at::Tensor tensor;
  {
    const model::Matrix matrix(2, 3);
    std::fill_n(matrix.values(), 6, 1.0F);
    tensor = tensor_over(matrix);
    matrix.row(1)[2] = 5;
  }
  EXPECT_EQ(tensor.sizes(), at::IntArrayRef({2, 3}));
  EXPECT_EQ(tensor[1][2].item<float>(), 5);
  const model::Matrix again = matrix_over(tensor);
  tensor[0][0] = 7;
  EXPECT_EQ(again.values()[0], 7);
  tensor.reset();
  EXPECT_EQ(again.row(1)[2], 5);
  EXPECT_EQ(matrix_over(at::arange(6, at::kFloat).view({2, 3}).t()).row(1)[0], 1);
}

}  // namespace
}  // namespace conceptune::guest
