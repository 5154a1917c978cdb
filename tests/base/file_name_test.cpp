#include "conceptune/base/file_name.h"

#include <gtest/gtest.h>

namespace conceptune {
namespace {

TEST(FilePart, KeepsWhatFileSystemsTake) {
  EXPECT_EQ(file_part("men-3.tsv_a=b"), "men-3.tsv_a=b");
  EXPECT_EQ(file_part("a/b c"), "a-b-c");
  EXPECT_EQ(file_part("λ 0.5"), "---0.5");
}

TEST(FilePart, ShortensLongNamesSoThatTheyStayDifferent) {
  const std::string a = file_part(std::string(240, 'x') + "a"), b = file_part(std::string(240, 'x') + "b");
  EXPECT_EQ(a.size(), 57U);
  EXPECT_NE(a, b);
  EXPECT_EQ(file_part(std::string(57, 'x')), std::string(57, 'x'));
}

}  // namespace
}  // namespace conceptune
