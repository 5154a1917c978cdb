#include "conceptune/base/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include "conceptune/base/error.h"
#include "tests/support/temporary_folder.h"

namespace conceptune {
namespace {

using test::TemporaryFolder;
using ::testing::HasSubstr;

std::size_t entries(const std::filesystem::path& folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}

TEST(ReadFile, GivesAllBytes) {
  const TemporaryFolder folder;
  const std::string bytes("a\0b\n", 4);
  EXPECT_EQ(read_file(folder.write("f", bytes), "reading"), bytes);
}

TEST(ReadFile, NamesTheMissingFile) {
  try {
    read_file("/nonexistent/f", "reading corpus");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), "reading corpus: /nonexistent/f: No such file or directory");
  }
}

TEST(MappedFile, RefusesAFolder) {
  const TemporaryFolder folder;
  EXPECT_THROW(MappedFile(folder.path(), "reading"), InputError);
}

TEST(MappedFile, MapsAnEmptyFile) {
  const TemporaryFolder folder;
  EXPECT_TRUE(MappedFile(folder.write("empty", ""), "reading").bytes().empty());
}

TEST(AtomicFile, LeavesTheOldContentWithoutCommit) {
  const TemporaryFolder folder;
  const auto path = folder.write("f", "old");
  {
    AtomicFile file(path);
    file.write("new");
  }
  EXPECT_EQ(read_file(path, "reading"), "old");
  EXPECT_EQ(entries(folder.path()), 1U);
}

TEST(AtomicFile, ReplacesOnCommit) {
  const TemporaryFolder folder;
  const auto path = folder.write("f", "old");
  write_file_atomically(path, "new");
  EXPECT_EQ(read_file(path, "reading"), "new");
  EXPECT_EQ(entries(folder.path()), 1U);
}

TEST(AtomicFile, WritesIntoADeviceInsteadOfReplacingIt) {
  const TemporaryFolder folder;
  const auto link = folder.path() / "null";
  std::filesystem::create_symlink("/dev/null", link);
  write_file_atomically(link, "new");
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_TRUE(std::filesystem::is_character_file(link));
}

TEST(AtomicFile, ReportsAFullDisk) {
  if (::geteuid() != 0) GTEST_SKIP() << "mounting a small tmpfs needs root";
  const TemporaryFolder folder;
  if (::mount("tmpfs", folder.path().c_str(), "tmpfs", 0, "size=64k") != 0)
    GTEST_SKIP() << "mounting is not allowed here";
  try {
    write_file_atomically(folder.path() / "big", std::string(1 << 20, 'x'));
    ADD_FAILURE() << "a full disk went unnoticed";
  } catch (const SystemError& error) {
    EXPECT_THAT(error.what(), HasSubstr("No space left on device"));
  }
  EXPECT_EQ(entries(folder.path()), 0U) << "the partial file takes the little room there is";
  ::umount(folder.path().c_str());
}

TEST(AtomicFolder, AppearsWholeOrNotAtAll) {
  const TemporaryFolder folder;
  const auto destination = folder.path() / "checkpoint";
  {
    AtomicFolder partial(destination);
    write_file_atomically(partial.path() / "a", "1");
  }
  EXPECT_FALSE(std::filesystem::exists(destination));
  for (const char* content : {"1", "2"}) {
    AtomicFolder whole(destination);
    write_file_atomically(whole.path() / "a", content);
    whole.commit();
    EXPECT_EQ(read_file(destination / "a", "reading"), content);
  }
  EXPECT_EQ(entries(folder.path()), 1U);
}

}  // namespace
}  // namespace conceptune
