#include "conceptune/runtime/kernels/gemm.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <new>
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

#ifndef __SANITIZE_ADDRESS__  // which reserves terabytes of addresses itself
/// Bytes of addresses that the process has.
std::size_t address_space() {
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

void multiply_with_little_memory() {
  const rlim_t most = address_space() + (std::size_t{64} << 20);
  const rlimit limit = {most, most};
  ::setrlimit(RLIMIT_AS, &limit);
  const std::vector<float> values(64 * 64);
  std::vector<float> product(64 * 64);
  try {
    gemm({64, 64, 64}, 1, {values.data(), 64, false}, {values.data(), 64, false}, 0, product.data(), 64);
  } catch (const std::bad_alloc&) {
    ::_exit(7);
  }
  ::_exit(0);
}

// OpenBLAS asks for its work space for ever where it is refused.
TEST(GemmDeathTest, IsAnErrorWhereMemoryIsShort) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(multiply_with_little_memory(), testing::ExitedWithCode(7), "");
}
#endif

}  // namespace
}  // namespace conceptune::kernels
