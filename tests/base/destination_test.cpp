#include "conceptune/base/destination.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "conceptune/base/error.h"
#include "tests/support/temporary_folder.h"

namespace conceptune {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;
using testing::AllOf;
using testing::HasSubstr;

std::string refusal(const std::function<void()>& check) {
  try {
    check();
    return "nothing";
  } catch (const InputError& error) {
    return error.what();
  }
}

struct Destinations : testing::Test {
  std::string of(const Destination& destination, const std::vector<fs::path>& inputs = {}) const {
    return refusal([&] { check_folder_destination(destination, ProductKind::dataset, "writing", inputs); });
  }
  fs::path dataset() const {
    make_folder(folder.path() / "d");
    folder.write("d/dataset.json", "{}");
    write_manifest(folder.path() / "d", ProductKind::dataset);
    return folder.path() / "d";
  }
  TemporaryFolder folder;
};

TEST_F(Destinations, AbsentAndEmptyFoldersAreFree) {
  EXPECT_EQ(of(folder.path() / "new" / "deep"), "nothing");
  EXPECT_FALSE(fs::exists(folder.path() / "new"));
  fs::create_directory(folder.path() / "empty");
  EXPECT_EQ(of(folder.path() / "empty"), "nothing");
}

TEST_F(Destinations, WhatIsThereIsNamed) {
  folder.write("notes.txt", "mine");
  EXPECT_THAT(of(folder.path()), AllOf(HasSubstr("is not empty"), HasSubstr("notes.txt")));
  EXPECT_THAT(of(folder.path() / "notes.txt"), HasSubstr("is a file"));
  EXPECT_THAT(of(folder.path() / "notes.txt" / "d"), HasSubstr("notes.txt is no folder"));
  EXPECT_THAT(of(dataset()), AllOf(HasSubstr("concept dataset"), HasSubstr("--overwrite")));
}

TEST_F(Destinations, OnlyAFinishedProductOfTheKindIsReplaced) {
  EXPECT_EQ(of({dataset(), Existing::replace}), "nothing");
  folder.write("d/notes.txt", "mine");
  EXPECT_THAT(of({folder.path() / "d", Existing::replace}), HasSubstr("notes.txt"));
  fs::remove(folder.path() / "d" / "notes.txt");
  const Destination destination(folder.path() / "d", Existing::replace);
  EXPECT_THAT(refusal([&] { check_folder_destination(destination, ProductKind::corpus, "writing"); }),
              HasSubstr("no finished sample of passages"));
  fs::remove(folder.path() / "d" / "manifest.json");
  EXPECT_THAT(of(destination), HasSubstr("no finished concept dataset"));
}

TEST_F(Destinations, AnInputIsNoOutput) {
  const auto input = dataset();
  fs::create_directory_symlink("d", folder.path() / "link");
  EXPECT_THAT(of({input, Existing::replace}, {input}), HasSubstr("is an input"));
  EXPECT_THAT(of({folder.path() / "link", Existing::replace}, {input}), HasSubstr("is an input"));
  EXPECT_THAT(of({input, Existing::replace}, {input / "dataset.json"}), HasSubstr("holds the input"));
  EXPECT_EQ(of(folder.path() / "d2", {input}), "nothing");
}

TEST_F(Destinations, NamesThatNoFileSystemTakesAreRefusedAtOnce) {
  EXPECT_THAT(of(folder.path() / std::string(256, 'x')),
              HasSubstr("a name of 256 bytes, expected at most 255"));
  EXPECT_EQ(of(folder.path() / std::string(255, 'x')), "nothing");
}

TEST_F(Destinations, ALinkToNothingIsRefused) {
  fs::create_symlink("nowhere", folder.path() / "link");
  EXPECT_THAT(of(folder.path() / "link"), HasSubstr("a link to something that does not exist"));
}

TEST_F(Destinations, AGrowingFolderGoesOnWithItsOwnWorkAlone) {
  const auto grows = [&](const fs::path& path) {
    return refusal([&] { check_growing_destination(path, ProductKind::training, "training"); });
  };
  make_folder(folder.path() / "run");
  folder.write("run/lock", "");
  EXPECT_EQ(grows(folder.path() / "run"), "nothing");
  folder.write("run/notes.txt", "");
  EXPECT_THAT(grows(folder.path() / "run"), HasSubstr("notes.txt"));
  folder.write("run/run.json", "{}");
  EXPECT_EQ(grows(folder.path() / "run"), "nothing");
  EXPECT_THAT(grows(dataset()), HasSubstr("concept dataset"));
}

TEST_F(Destinations, AFileIsReplacedOnlyByItsKind) {
  const auto is_table = [](const fs::path& path) { return path.extension() == ".tsv"; };
  const auto check = [&](const Destination& file) {
    return refusal([&] { check_file_destination(file, "table", "writing", is_table); });
  };
  EXPECT_EQ(check(folder.path() / "new.tsv"), "nothing");
  EXPECT_EQ(check(fs::path("/dev/null")), "nothing");
  EXPECT_THAT(check(folder.path()), HasSubstr("is a folder"));
  const auto table = folder.write("a.tsv", "1"), other = folder.write("a.txt", "1");
  EXPECT_THAT(check(table), HasSubstr("--overwrite"));
  EXPECT_EQ(check({table, Existing::replace}), "nothing");
  EXPECT_THAT(check({other, Existing::replace}), HasSubstr("is no table"));
}

}  // namespace
}  // namespace conceptune
