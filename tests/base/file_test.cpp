#include "conceptune/base/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
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

TEST(ReadFile, DoesNotWaitForAPipe) {
  const TemporaryFolder folder;
  const auto pipe = folder.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_THROW(read_file(pipe, "reading"), InputError);
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

TEST(AtomicFile, WritesTheFileThatALinkLeadsTo) {
  const TemporaryFolder folder;
  const auto file = folder.write("file", "old");
  std::filesystem::create_symlink("file", folder.path() / "link");
  write_file_atomically(folder.path() / "link", "new");
  EXPECT_TRUE(std::filesystem::is_symlink(folder.path() / "link"));
  EXPECT_EQ(read_file(file, "reading"), "new");
}

TEST(AtomicFile, ReplacesNothingThatCameMeanwhileUnlessAsked) {
  const TemporaryFolder folder;
  AtomicFile file(folder.path() / "f", Existing::refuse);
  file.write("mine");
  folder.write("f", "theirs");
  EXPECT_THROW(file.commit(), InputError);
  EXPECT_EQ(read_file(folder.path() / "f", "reading"), "theirs");
}

TEST(AtomicFile, TakesNamesOfTheLongestLength) {
  const TemporaryFolder folder;
  const auto path = folder.path() / std::string(255, 'n');
  write_file_atomically(path, "content");
  EXPECT_EQ(read_file(path, "reading"), "content");
}

TEST(ResolvedPath, IsAbsoluteWithoutLinksAndFinalSeparators) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "real");
  std::filesystem::create_directory_symlink("real", folder.path() / "link");
  const auto real = std::filesystem::canonical(folder.path()) / "real";
  EXPECT_EQ(resolved_path(folder.path() / "link/"), real);
  EXPECT_EQ(resolved_path(folder.path() / "link" / "absent" / ".." / "new"), real / "new");
}

}  // namespace
}  // namespace conceptune
