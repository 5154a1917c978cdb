#include "conceptune/base/output_lock.h"

#include <gtest/gtest.h>

#include <optional>

#include "conceptune/base/error.h"
#include "tests/support/temporary_folder.h"

namespace conceptune {
namespace {

TEST(OutputLock, IsHeldByOneAndLeavesNothing) {
  const test::TemporaryFolder folder;
  const auto output = folder.path() / "new" / "d";
  std::optional<OutputLock> first;
  first.emplace(output, "writing");
  EXPECT_THROW(OutputLock(output, "writing"), InputError);
  EXPECT_THROW(OutputLock(folder.path() / "new/../new/d/", "writing"), InputError);
  EXPECT_NO_THROW(OutputLock(folder.path() / "new" / "e", "writing"));
  first.reset();
  EXPECT_TRUE(std::filesystem::is_empty(folder.path() / "new"));
  EXPECT_NO_THROW(OutputLock(output, "writing"));
}

TEST(OutputLock, TakesLongNames) {
  const test::TemporaryFolder folder;
  EXPECT_NO_THROW(OutputLock(folder.path() / std::string(250, 'x'), "writing"));
}

}  // namespace
}  // namespace conceptune
