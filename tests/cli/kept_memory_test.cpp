// cli/kept_memory.cpp is a part of this program, so that its memory is kept too.
#include <gtest/gtest.h>
#include <malloc.h>

#include <cstdlib>

namespace conceptune::test {
namespace {

TEST(KeptMemory, LargeBlocksAreNoMappingsAndStay) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "the sanitizer has an allocator of its own";
#endif
  constexpr std::size_t kBytes = 48 << 20;
  const auto before = ::mallinfo2();
  void* volatile block = std::malloc(kBytes);
  ASSERT_NE(block, nullptr);
  EXPECT_EQ(::mallinfo2().hblks, before.hblks);
  std::free(block);
  EXPECT_GE(::mallinfo2().arena, kBytes);
}

}  // namespace
}  // namespace conceptune::test
