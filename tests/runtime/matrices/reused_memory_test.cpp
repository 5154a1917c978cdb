#include "conceptune/runtime/matrices/reused_memory.h"

#include <gtest/gtest.h>

namespace conceptune::model {
namespace {

TEST(ReusedMemory, IsTheSameUntilMoreIsNeeded) {
  ReusedMemory<float> memory;
  float* const first = memory.take(100);
  first[99] = 7;
  EXPECT_EQ(memory.take(3), first);
  EXPECT_EQ(memory.take(100)[99], 7);
  float* const larger = memory.take(1 << 20);
  larger[(1 << 20) - 1] = 8;
  EXPECT_EQ(memory.take(100), larger);
}

TEST(ReusedMemory, BeginsAtACacheLine) {
  for (const std::int64_t size : {1, 7, 100, 5000}) {
    ReusedMemory<std::uint16_t> memory;
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory.take(size)) % 64, 0U);
  }
}

TEST(ReusedMemory, OfTwoIsNotShared) {
  ReusedMemory<float> a, b;
  a.take(10)[0] = 1;
  b.take(10)[0] = 2;
  EXPECT_EQ(a.take(10)[0], 1);
}

}  // namespace
}  // namespace conceptune::model
