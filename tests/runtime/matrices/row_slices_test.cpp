#include "conceptune/runtime/matrices/row_slices.h"

#include <gtest/gtest.h>

#include <mutex>
#include <vector>

#include "conceptune/runtime/matrices/threads.h"

namespace conceptune::model {
namespace {

TEST(RowSlices, FollowOneAnotherAndBoundWhatIsWorkedOnAtOnce) {
  constexpr std::int64_t kWidth = 4096;
  for (const std::int64_t rows : {1, 1024, 1025, 5000}) {
    std::int64_t next = 0, count = 0;
    for_each_slice(rows, kWidth, [&](const Slice& slice) {
      EXPECT_EQ(slice.begin, next);
      EXPECT_GT(slice.rows, 0);
      EXPECT_LE(slice.rows, 1024);
      next += slice.rows;
      ++count;
    });
    EXPECT_EQ(next, rows);
    EXPECT_EQ(count, (rows + 1023) / 1024);
  }
  for_each_slice(0, kWidth, [](const Slice&) { FAIL(); });
}

TEST(RowSlices, ThreadsShareRowsWithoutOverlap) {
  const int before = threads();
  set_threads(2);
  for (const std::int64_t rows : {0, 1, 2, 501}) {
    std::mutex mutex;
    std::vector<int> visits(rows);
    share_rows(rows, 1 << 16, [&](std::int64_t begin, std::int64_t count) {
      const std::scoped_lock lock(mutex);
      for (std::int64_t row = begin; row < begin + count; ++row) ++visits[row];
    });
    EXPECT_EQ(visits, std::vector<int>(rows, 1));
  }
  int parts = 0;
  share_rows(2, 8, [&](std::int64_t, std::int64_t) { ++parts; });
  EXPECT_EQ(parts, 1) << "too little to share";
  set_threads(before);
}

TEST(RowSlices, RoundRowsThatLieApart) {
  constexpr std::int64_t kRows = 300, kColumns = 70, kLeading = 80;
  std::vector<float> numbers(kRows * kLeading);
  for (std::size_t i = 0; i < numbers.size(); ++i)
    numbers[i] = static_cast<float>(i % 251);  // exact in 8 bits
  std::vector<kernels::Bf16> rounded(kRows * kColumns);
  round_rows(numbers.data(), kLeading, kRows, kColumns, rounded.data());
  for (std::int64_t n = 0; n < kRows; ++n)
    for (std::int64_t i = 0; i < kColumns; ++i)
      ASSERT_EQ(__builtin_bit_cast(float, static_cast<std::uint32_t>(rounded[n * kColumns + i]) << 16U),
                numbers[n * kLeading + i]);
}

}  // namespace
}  // namespace conceptune::model
