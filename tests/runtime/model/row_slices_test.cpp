#include "conceptune/runtime/model/row_slices.h"

#include <gtest/gtest.h>

#include <mutex>
#include <vector>

#include "conceptune/runtime/model/threads.h"

namespace conceptune::model {
namespace {

TEST(RowSlices, CoverTheRowsOnceWithoutOverlap) {
  const int before = threads();
  set_threads(2);
  for (const std::int64_t rows : {1, 63, 64, 65, 501}) {
    const Slices slices(rows);
    EXPECT_EQ(slices.count(), rows < 64 ? 1 : 2);
    std::mutex mutex;
    std::vector<int> visits(rows);
    slices.for_each([&](const Slice& slice) {
      const std::scoped_lock lock(mutex);
      EXPECT_LT(slice.number, slices.count());
      for (std::int64_t row = slice.begin; row < slice.begin + slice.rows; ++row) ++visits[row];
    });
    EXPECT_EQ(visits, std::vector<int>(rows, 1));
  }
  set_threads(before);
}

}  // namespace
}  // namespace conceptune::model
