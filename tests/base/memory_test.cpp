#include "conceptune/base/memory.h"

#include <gtest/gtest.h>

#include <vector>

namespace conceptune {
namespace {

TEST(Memory, ResidentGrowsByWhatIsTouched) {
  const std::int64_t before = resident_memory();
  constexpr std::int64_t kBytes = 64 << 20;
  const std::vector<char> touched(kBytes, 1);
  EXPECT_EQ(touched.back(), 1);
  EXPECT_GE(resident_memory() - before, kBytes / 2);
  EXPECT_GT(before, 0);
}

TEST(Memory, SomeIsAvailable) {
  EXPECT_GT(available_memory(), 1 << 20);
  EXPECT_LT(available_memory(), std::int64_t{1} << 60);
}

TEST(Memory, LargePagesChangeNothingThatIsStored) {
  std::vector<char> memory((8 << 20) + 3, 7);
  prefer_large_pages(memory.data() + 1, memory.size() - 1);
  prefer_large_pages(memory.data(), 0);
  prefer_large_pages(memory.data() + 1, 1);
  EXPECT_EQ(memory, std::vector<char>(memory.size(), 7));
}

}  // namespace
}  // namespace conceptune
