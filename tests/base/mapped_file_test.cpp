#include "conceptune/base/mapped_file.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/support/temporary_folder.h"

namespace conceptune {
namespace {

using test::TemporaryFolder;

TEST(MappedFile, RefusesAFolder) {
  const TemporaryFolder folder;
  EXPECT_THROW(MappedFile(folder.path(), "reading"), InputError);
}

TEST(MappedFile, MapsAnEmptyFile) {
  const TemporaryFolder folder;
  EXPECT_TRUE(MappedFile(folder.write("empty", ""), "reading").bytes().empty());
}

TEST(MappedFile, IsKnownByItsAddressesWhileItLives) {
  const TemporaryFolder folder;
  const auto path = folder.write("f", "content");
  const std::byte* address = nullptr;
  {
    MappedFile first(path, "reading");
    MappedFile file;
    file = std::move(first);
    address = file.bytes().data();
    EXPECT_STREQ(mapped_file_at(address + 6), path.c_str());
    EXPECT_EQ(mapped_file_at(address + 7), nullptr);
  }
  EXPECT_EQ(mapped_file_at(address), nullptr);
}

}  // namespace
}  // namespace conceptune
