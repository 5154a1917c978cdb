#include "conceptune/runtime/kernels/gemm.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/runtime/kernels/matrices.h"

namespace conceptune::kernels {
namespace {

using test::element;
using test::random_values;

using Gemm = void (*)(const GemmShape&, float, const Operand&, const Operand&, float, float*, std::int64_t);

void expect_right(Gemm multiply, const GemmShape& shape, bool a_transposed, bool b_transposed, float beta,
                  float alpha = 0.5F) {
  Random random(1);
  constexpr std::int64_t kPadding = 3;  // leading dimensions beyond the matrix
  const std::int64_t a_leading = (a_transposed ? shape.rows : shape.inner) + kPadding;
  const std::int64_t b_leading = (b_transposed ? shape.inner : shape.columns) + kPadding;
  const std::int64_t c_leading = shape.columns + kPadding;
  const auto a_values = random_values(a_leading * (a_transposed ? shape.inner : shape.rows), random);
  const auto b_values = random_values(b_leading * (b_transposed ? shape.columns : shape.inner), random);
  auto c = random_values(c_leading * shape.rows, random);
  const auto before = c;
  const Operand a = {a_values.data(), a_leading, a_transposed},
                b = {b_values.data(), b_leading, b_transposed};
  multiply(shape, alpha, a, b, beta, c.data(), c_leading);
  for (std::int64_t row = 0; row < shape.rows; ++row) {
    for (std::int64_t column = 0; column < c_leading; ++column) {
      const std::int64_t at = row * c_leading + column;
      double expected = before[at];
      if (column < shape.columns) {
        expected *= beta;
        for (std::int64_t k = 0; k < shape.inner; ++k)
          expected += alpha * element(a, row, k) * element(b, k, column);
      }
      ASSERT_NEAR(c[at], expected, 1e-4) << "row " << row << ", column " << column;
    }
  }
}

TEST(Gemm, MultipliesAnyLayout) {
  const SingleThreadedBlas single_threaded;
  for (const Gemm multiply : {gemm, parallel_gemm})
    for (const GemmShape& shape : {GemmShape{1, 1, 1}, {5, 3, 7}, {70, 33, 20}, {3, 90, 17}})
      for (const bool a_transposed : {false, true})
        for (const bool b_transposed : {false, true})
          for (const float beta : {0.0F, 1.0F})
            expect_right(multiply, shape, a_transposed, b_transposed, beta);
}

TEST(Gemm, LargeMatricesOnAllThreads) {
  const SingleThreadedBlas single_threaded;
  for (const bool a_transposed : {false, true})
    for (const bool b_transposed : {false, true})
      for (const float beta : {0.0F, 1.0F})
        expect_right(parallel_gemm, {65, 130, 70}, a_transposed, b_transposed, beta, /*alpha=*/1);
}

TEST(Gemm, EmptyMatricesAreLeftAlone) {
  float c = 3;
  parallel_gemm({0, 1, 1}, 1, {&c, 1}, {&c, 1}, 0, &c, 1);
  EXPECT_EQ(c, 3);
}

}  // namespace
}  // namespace conceptune::kernels
