#include "conceptune/base/atomic_folder.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/messages.h"
#include "tests/support/temporary_folder.h"

namespace conceptune {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;

std::ptrdiff_t entries(const fs::path& folder) { return std::distance(fs::directory_iterator(folder), {}); }

void write(const Destination& destination, std::string_view content) {
  AtomicFolder folder(destination, ProductKind::dataset);
  write_file_atomically(folder.path() / "a", content);
  folder.commit();
}

TEST(AtomicFolder, AppearsWholeOrNotAtAll) {
  const TemporaryFolder folder;
  const auto destination = folder.path() / "d";
  {
    AtomicFolder partial(destination, ProductKind::dataset);
    write_file_atomically(partial.path() / "a", "1");
  }
  EXPECT_FALSE(fs::exists(destination));
  for (const char* content : {"1", "2"}) {
    write({destination, Existing::replace}, content);
    EXPECT_EQ(read_file(destination / "a", "reading"), content);
    EXPECT_NO_THROW(check_manifest(destination, "reading"));
  }
  EXPECT_EQ(entries(folder.path()), 1);
}

TEST(AtomicFolder, TakesThePlaceOfAnEmptyFolder) {
  const TemporaryFolder folder;
  fs::create_directory(folder.path() / "d");
  write(folder.path() / "d/", "1");
  EXPECT_EQ(read_file(folder.path() / "d" / "a", "reading"), "1");
}

TEST(AtomicFolder, ReplacesNothingUnlessAsked) {
  const TemporaryFolder folder;
  const auto destination = folder.path() / "d";
  write(destination, "1");
  EXPECT_THROW(AtomicFolder(destination, ProductKind::dataset), InputError);

  AtomicFolder late(folder.path() / "late", ProductKind::dataset);
  write_file_atomically(late.path() / "a", "2");
  write(folder.path() / "late", "meanwhile");
  EXPECT_THROW(late.commit(), InputError);
  EXPECT_EQ(read_file(folder.path() / "late" / "a", "reading"), "meanwhile");
}

TEST(AtomicFolder, KeepsFilesThatAreNotTheProducts) {
  const TemporaryFolder folder;
  const auto destination = folder.path() / "d";
  write(destination, "1");
  folder.write("d/notes.txt", "mine");
  set_message_sink([](Severity, std::string_view) {});
  write({destination, Existing::replace}, "2");
  set_message_sink(nullptr);
  EXPECT_EQ(read_file(destination / "a", "reading"), "2");
  EXPECT_EQ(read_file(folder.path() / "d.kept-1" / "notes.txt", "reading"), "mine");
}

TEST(AtomicFolder, FillsTheFolderThatALinkLeadsTo) {
  const TemporaryFolder folder;
  fs::create_directory(folder.path() / "real");
  fs::create_directory_symlink("real", folder.path() / "link");
  write(folder.path() / "link", "1");
  EXPECT_TRUE(fs::is_symlink(folder.path() / "link"));
  EXPECT_EQ(read_file(folder.path() / "real" / "a", "reading"), "1");
}

TEST(AtomicFolder, SettlesWhatAKilledReplacementLeft) {
  const TemporaryFolder folder;
  const auto destination = folder.path() / "d";
  // Killed after the old folder had stepped aside: it is put back.
  write(destination, "old");
  fs::rename(destination, folder.path() / ".d.77-0.replaced");
  { const AtomicFolder next({destination, Existing::replace}, ProductKind::dataset); }
  EXPECT_EQ(read_file(destination / "a", "reading"), "old");
  // Killed before the old folder had gone: it goes.
  write(folder.path() / "other", "older");
  fs::rename(folder.path() / "other", folder.path() / ".d.77-1.replaced");
  { const AtomicFolder next({destination, Existing::replace}, ProductKind::dataset); }
  EXPECT_EQ(read_file(destination / "a", "reading"), "old");
  EXPECT_EQ(entries(folder.path()), 1);
}

}  // namespace
}  // namespace conceptune
