#include "conceptune/base/product.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/messages.h"
#include "tests/support/temporary_folder.h"

namespace conceptune {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;

fs::path small_product(const TemporaryFolder& folder) {
  make_folder(folder.path() / "p" / "inner");
  folder.write("p/dataset.json", "{}");
  folder.write("p/inner/records", "1234");
  folder.write("p/lock", "");
  write_manifest(folder.path() / "p", ProductKind::dataset);
  return folder.path() / "p";
}

TEST(Product, IsKnownByItsCard) {
  const TemporaryFolder folder;
  EXPECT_EQ(product_in(folder.path()), std::nullopt);
  EXPECT_EQ(product_in(small_product(folder)), ProductKind::dataset);
}

TEST(Product, ManifestHoldsAllFilesButLocks) {
  const TemporaryFolder folder;
  const auto manifest = read_manifest(small_product(folder));
  ASSERT_TRUE(manifest);
  EXPECT_EQ(manifest->kind, ProductKind::dataset);
  EXPECT_EQ(manifest->files.size(), 2U);
  EXPECT_EQ(manifest->files.at("inner/records").bytes, 4);
  // printf 1234 | sha256sum
  EXPECT_EQ(manifest->files.at("inner/records").sha256,
            "03ac674216f3e15c761ee1a5e255f067953623c8b388b4459e13f978d7c846f4");
}

TEST(Product, AChangedByteIsFoundAndNamed) {
  const TemporaryFolder folder;
  const auto product = small_product(folder);
  EXPECT_NO_THROW(check_manifest(product, "training"));
  folder.write("p/notes.txt", "a file beside it says nothing against it");
  EXPECT_NO_THROW(check_manifest(product, "training"));
  folder.write("p/inner/records", "1235");
  try {
    check_manifest(product, "training");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("p/inner/records: has other content than was written"));
  }
  EXPECT_EQ(difference_of(product / "inner/records", {5, ""}), "has 4 bytes, expected 5");
  EXPECT_EQ(difference_of(product / "absent", {5, ""}), "is missing");
}

TEST(Product, AManifestMayNotLeaveItsFolder) {
  const TemporaryFolder folder;
  const auto product = small_product(folder);
  for (const char* path : {"../victim", "/etc/passwd", "a/../../b", "", "./a"}) {
    folder.write("p/manifest.json",
                 R"({"version": 1, "files": {")" + std::string(path) + R"(": {"bytes": 1, "sha256": "0"}}})");
    EXPECT_THROW(read_manifest(product), InputError) << path;
  }
  folder.write("p/manifest.json", R"({"version": 1, "kind": "letter", "files": {}})");
  EXPECT_THROW(read_manifest(product), InputError);
}

TEST(Product, IsRemovedWithoutWhatIsNotItsOwn) {
  const TemporaryFolder folder;
  remove_product(small_product(folder), folder.path() / "p");
  EXPECT_FALSE(fs::exists(folder.path() / "p"));

  std::vector<std::string> warnings;
  set_message_sink([&](Severity, std::string_view message) { warnings.emplace_back(message); });
  small_product(folder);
  folder.write("p/inner/notes.txt", "mine");
  remove_product(folder.path() / "p", folder.path() / "p");
  set_message_sink(nullptr);
  EXPECT_FALSE(fs::exists(folder.path() / "p"));
  EXPECT_EQ(read_file(folder.path() / "p.kept-1" / "inner" / "notes.txt", "reading"), "mine");
  EXPECT_FALSE(fs::exists(folder.path() / "p.kept-1" / "inner" / "records"));
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("p.kept-1")));
}

TEST(Product, AFolderWithoutManifestIsKeptAsAWhole) {
  const TemporaryFolder folder;
  fs::create_directory(folder.path() / "p.kept-1");
  fs::create_directory(folder.path() / "p");
  folder.write("p/f", "1");
  set_message_sink([](Severity, std::string_view) {});
  remove_product(folder.path() / "p", folder.path() / "p");
  set_message_sink(nullptr);
  EXPECT_TRUE(fs::exists(folder.path() / "p.kept-2" / "f"));
}

TEST(Product, ReadsAgainOnlyWhatMayHaveChanged) {
  const test::TemporaryFolder folder;
  const fs::path file = folder.write("p/a.txt", "first");
  folder.write("p/b.txt", "other");
  write_manifest(folder.path() / "p", ProductKind::corpus);
  const auto written = fs::last_write_time(folder.path() / "p" / kManifestFile);
  EXPECT_NO_THROW(check_unchanged(folder.path() / "p", "using"));
  folder.write("p/a.txt", "final");  // of the same size
  fs::last_write_time(file, written + std::chrono::seconds(1));
  EXPECT_THROW(check_unchanged(folder.path() / "p", "using"), InputError);
  EXPECT_THROW(check_unchanged(file, "using"), InputError);
  EXPECT_NO_THROW(check_unchanged(folder.path() / "p/b.txt", "using"));
  fs::last_write_time(file, written);  // only verify reads everything
  EXPECT_NO_THROW(check_unchanged(folder.path() / "p", "using"));
  folder.write("p/a.txt", "longer");
  EXPECT_THROW(check_unchanged(file, "using"), InputError);
  folder.write("p/a.txt", "first");
  fs::last_write_time(file, written + std::chrono::seconds(1));
  EXPECT_NO_THROW(check_unchanged(file, "using"));
  EXPECT_NO_THROW(check_unchanged(folder.path(), "using"));
}

}  // namespace
}  // namespace conceptune
