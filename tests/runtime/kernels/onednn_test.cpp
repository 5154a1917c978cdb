#include "conceptune/runtime/kernels/onednn.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/runtime/kernels/conversion.h"
#include "conceptune/runtime/kernels/isa.h"
#include "tests/runtime/kernels/matrices.h"

namespace conceptune::kernels {
namespace {

using test::element;
using test::random_values;

TEST(OneDnn, FollowsTheInstructionSetInUse) {
  const bool there = onednn::is_built_in();
  EXPECT_EQ(onednn::multiplies_float32(), there && active_isa() != Isa::plain);
  EXPECT_EQ(onednn::multiplies_bfloat16(), there && active_isa() == Isa::avx512bf16);
  EXPECT_EQ(multiplies_bf16(), onednn::multiplies_bfloat16());
}

TEST(OneDnn, Bfloat16OperandsSumInFloat32) {
  if (!onednn::multiplies_bfloat16()) GTEST_SKIP() << "no bfloat16 on this processor";
  Random random(2);
  constexpr std::int64_t kRows = 33, kColumns = 50, kInner = 300, kLeading = 60;
  const auto a = random_values(kRows * kInner, random), b = random_values(kColumns * kInner, random);
  std::vector<std::uint16_t> a16(a.size()), b16(b.size());
  conversion_kernels().to_bf16(a.data(), static_cast<std::int64_t>(a.size()), a16.data());
  conversion_kernels().to_bf16(b.data(), static_cast<std::int64_t>(b.size()), b16.data());
  std::vector<float> exact_a(a.size()), exact_b(b.size()), c(kRows * kLeading, 3);
  conversion_kernels().from_bf16(a16.data(), static_cast<std::int64_t>(a.size()), exact_a.data());
  conversion_kernels().from_bf16(b16.data(), static_cast<std::int64_t>(b.size()), exact_b.data());
  for (const bool b_transposed : {false, true})
    for (const bool add : {false, true}) {
      const std::int64_t b_leading = b_transposed ? kInner : kColumns;
      std::fill(c.begin(), c.end(), 3);
      onednn::gemm({kRows, kColumns, kInner}, Bf16Operand{a16.data(), kInner},
                   Bf16Operand{b16.data(), b_leading, b_transposed}, add, c.data(), kLeading);
      for (std::int64_t row = 0; row < kRows; ++row)
        for (std::int64_t column = 0; column < kLeading; ++column) {
          double expected = column >= kColumns || add ? 3 : 0;
          for (std::int64_t k = 0; column < kColumns && k < kInner; ++k)
            expected += double{exact_a[row * kInner + k]} *
                        element({exact_b.data(), b_leading, b_transposed}, k, column);
          ASSERT_NEAR(c[row * kLeading + column], expected, 1e-3) << "row " << row << ", column " << column;
        }
    }
}

TEST(OneDnn, SaysThatItIsNotThere) {
  if (onednn::is_built_in()) GTEST_SKIP() << "oneDNN is there";
  float value = 0;
  EXPECT_THROW(onednn::gemm({1, 1, 1}, Operand{&value, 1}, Operand{&value, 1}, false, &value, 1), Error);
}

TEST(OneDnn, SaysWhichProductItCannotMake) {
  if (!onednn::multiplies_float32()) GTEST_SKIP() << "oneDNN is not in use";
  float value = 0;
  try {
    onednn::gemm({2, 2, 2}, Operand{&value, -1}, Operand{&value, 2, true}, false, &value, 2);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("2 x 2 by 2 x 2"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace conceptune::kernels
