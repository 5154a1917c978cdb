#include "conceptune/words/english/string_map.h"

#include <gtest/gtest.h>

namespace conceptune::words {
namespace {

TEST(StringMap, FindsByAViewThatEndsNowhere) {
  const StringMap<int> map = {{"word", 1}, {std::string("\0", 1), 2}, {"", 3}};
  const std::string_view text = "words";
  EXPECT_EQ(map.find(text.substr(0, 4))->second, 1);
  EXPECT_EQ(map.find(text), map.end());
  EXPECT_EQ(map.find(std::string_view("\0", 1))->second, 2);
  EXPECT_EQ(map.find(std::string_view())->second, 3);
}

}  // namespace
}  // namespace conceptune::words
