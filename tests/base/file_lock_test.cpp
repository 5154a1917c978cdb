#include "conceptune/base/file_lock.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "conceptune/base/error.h"
#include "tests/support/temporary_folder.h"

namespace conceptune {
namespace {

using test::TemporaryFolder;

TEST(FileLock, IsHeldByOneAndFreeAgainAfterIt) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "new" / "lock";
  {
    const auto first = FileLock::try_take(path, "locking");
    ASSERT_TRUE(first);
    EXPECT_FALSE(FileLock::try_take(path, "locking"));
  }
  EXPECT_TRUE(FileLock::try_take(path, "locking"));
}

TEST(FileLock, OfARemovedFileKeepsNobodyOut) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "lock";
  const auto first = FileLock::try_take(path, "locking");
  std::filesystem::remove(path);
  EXPECT_TRUE(FileLock::try_take(path, "locking"));
}

TEST(FileLock, WaitsUntilItIsFreeOrAskedToStop) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "lock";
  auto first = FileLock::try_take(path, "locking");
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(FileLock::take(path, "locking", stop.get_token()), Interrupted);
  std::jthread release([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    first.reset();
  });
  FileLock::take(path, "locking", {});
}

}  // namespace
}  // namespace conceptune
