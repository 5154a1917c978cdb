#include "conceptune/runtime/matrices/matrix.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace conceptune::model {
namespace {

TEST(Matrix, CopiesShareTheirNumbers) {
  Matrix copy;
  EXPECT_FALSE(copy.is_there());
  EXPECT_EQ(copy.values(), nullptr);
  {
    const Matrix matrix(3, 5);
    matrix.row(2)[4] = 7;
    copy = matrix;
  }
  EXPECT_TRUE(copy.is_there());
  EXPECT_EQ(copy.size(), 15);
  EXPECT_EQ(copy.values()[14], 7);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(copy.values()) % 64, 0U);
}

TEST(Matrix, LivesAsLongAsItsOwner) {
  auto numbers = std::make_shared<std::vector<float>>(6, 1.5F);
  const std::weak_ptr<std::vector<float>> watched = numbers;
  {
    const Matrix matrix(numbers->data(), 2, 3, numbers);
    numbers.reset();
    EXPECT_EQ(matrix.row(1)[2], 1.5F);
    EXPECT_FALSE(watched.expired());
  }
  EXPECT_TRUE(watched.expired());
}

}  // namespace
}  // namespace conceptune::model
