#include "conceptune/base/zstd_writer.h"

#include <gtest/gtest.h>

#include "conceptune/base/file.h"
#include "tests/support/temporary_folder.h"

namespace conceptune {
namespace {

TEST(ZstdWriter, GivesTheSameBytesForTheSameContent) {
  const test::TemporaryFolder folder;
  for (const char* name : {"a", "b"}) {
    ZstdWriter writer(folder.path() / name);
    for (int i = 0; i < 1000; ++i) writer.write("line " + std::to_string(i) + "\n");
    writer.commit();
  }
  EXPECT_EQ(read_file(folder.path() / "a", "reading"), read_file(folder.path() / "b", "reading"));
}

TEST(ZstdWriter, LeavesNothingWithoutCommit) {
  const test::TemporaryFolder folder;
  { ZstdWriter(folder.path() / "a").write("x"); }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace conceptune
