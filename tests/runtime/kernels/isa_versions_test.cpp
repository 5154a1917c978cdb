#include "conceptune/runtime/kernels/isa_versions.h"

#include <gtest/gtest.h>

namespace conceptune::kernels {
namespace {

TEST(IsaVersions, EachInstructionSetGetsItsOwn) {
  const int plain = 0, avx2 = 0, avx512 = 0, avx512bf16 = 0;
  const auto version = [&](Isa isa) { return &version_for(isa, plain, avx2, avx512, avx512bf16); };
  EXPECT_EQ(version(Isa::plain), &plain);
  EXPECT_EQ(version(Isa::avx2), &avx2);
  EXPECT_EQ(version(Isa::avx512), &avx512);
  EXPECT_EQ(version(Isa::avx512bf16), &avx512bf16);
}

}  // namespace
}  // namespace conceptune::kernels
