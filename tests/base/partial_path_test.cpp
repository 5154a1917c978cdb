#include "conceptune/base/partial_path.h"

#include <gtest/gtest.h>

#include <optional>

#include "tests/support/temporary_folder.h"

namespace conceptune {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;

TEST(PartialPath, GoesWithItsObjectUnlessForgotten) {
  const TemporaryFolder folder;
  fs::path kept;
  {
    PartialPath file(folder.path() / "a", PartialPath::Kind::file);
    PartialPath other(folder.path() / "a", PartialPath::Kind::folder);
    EXPECT_TRUE(fs::is_regular_file(file.path()));
    EXPECT_TRUE(fs::is_directory(other.path()));
    kept = other.path();
    other.forget();
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
  EXPECT_TRUE(fs::exists(kept));
}

TEST(PartialPath, RemovesWhatKilledProcessesLeftAndNothingElse) {
  const TemporaryFolder folder;
  fs::create_directory(folder.path() / ".a.4711-0.partial");
  folder.write(".a.4711-0.partial/f", "left");
  for (const char* other : {".a.b.4711-0.partial", ".a.notes.partial", ".b.4711-0.partial", "a.partial"})
    fs::create_directory(folder.path() / other);
  std::optional<PartialPath> living(std::in_place, folder.path() / "a", PartialPath::Kind::folder);
  const PartialPath next(folder.path() / "a", PartialPath::Kind::folder);
  EXPECT_TRUE(fs::exists(living->path()));
  EXPECT_FALSE(fs::exists(folder.path() / ".a.4711-0.partial"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 6);
}

}  // namespace
}  // namespace conceptune
