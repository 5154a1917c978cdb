#include "conceptune/base/foreign_format.h"

#include <gtest/gtest.h>

#include <string>

namespace conceptune {
namespace {

using namespace std::string_view_literals;

std::string_view name_of(std::string_view bytes) {
  const auto format = foreign_format(bytes);
  return format ? format->name : "text";
}

TEST(ForeignFormat, KnowsFilesByTheirFirstBytes) {
  EXPECT_EQ(name_of("\xff\xfe\x61\0"sv), "UTF-16 text");
  EXPECT_EQ(name_of("\xfe\xff\0\x61"sv), "UTF-16 text");
  EXPECT_EQ(name_of("\xff\xfe\0\0"sv), "UTF-32 text");
  EXPECT_EQ(name_of("PAR1\x15\x04"sv), "a Parquet file");
  EXPECT_EQ(name_of("ARROW1\0\0"sv), "an Arrow or Feather file");
  EXPECT_EQ(name_of("PK\x03\x04"sv), "a ZIP archive (or an office document)");
  EXPECT_EQ(name_of("7z\xbc\xaf\x27\x1c"sv), "a 7z archive");
  EXPECT_EQ(name_of("version https://git-lfs.github.com/spec/v1\n"),
            "a pointer that Git LFS left in the file's place");
  std::string tar(512, '\0');
  tar.replace(257, 5, "ustar");
  EXPECT_EQ(name_of(tar), "a tar archive");
  EXPECT_TRUE(is_tar(tar));
}

TEST(ForeignFormat, TakesTextForText) {
  for (const std::string_view text :
       {"", "P", "PK and more", "PAR1 is a word", "{\"text\": 1}", "\xef\xbb\xbf", "version https"})
    EXPECT_EQ(name_of(text), "text") << text;
  EXPECT_FALSE(is_tar("ustar"));
}

}  // namespace
}  // namespace conceptune
