#include "conceptune/training/run/appended_file.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "tests/support/temporary_folder.h"
#include "tests/training/full_disk.h"

namespace conceptune::training {
namespace {

TEST(AppendedFile, GoesOnBehindTheBytesItIsToKeep) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("file", "one two three");
  AppendedFile file(path, 4);
  file.add("four");
  EXPECT_EQ(file.bytes(), 8);
  file.sync();
  EXPECT_EQ(read_file(path, "reading"), "one four");
}

TEST(AppendedFile, ShorterThanThatIsAnError) {
  const test::TemporaryFolder folder;
  EXPECT_THROW(AppendedFile(folder.write("file", "{}\n"), 4), InputError);
  EXPECT_THROW(AppendedFile(folder.path() / "no" / "file", 0), SystemError);
}

TEST(AppendedFile, AFullDiskKeepsPiecesInMemory) {
  const test::TemporaryFolder folder;
  AppendedFile file(folder.path() / "file", 0);
  {
    const test::FullDisk full(5);
    file.add("first\n");
    file.add("second\n");
    EXPECT_THROW(file.sync(), SystemError);
  }
  EXPECT_EQ(file.bytes(), 13);
  file.sync();
  EXPECT_EQ(read_file(folder.path() / "file", "reading"), "first\nsecond\n");
}

}  // namespace
}  // namespace conceptune::training
