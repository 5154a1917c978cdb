#include "conceptune/runtime/tokenizer/regex_splitter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"

namespace conceptune::tokenizer {
namespace {

using ::testing::ElementsAre;

std::vector<std::uint32_t> cuts(std::string_view pattern, std::string_view text, std::uint32_t begin = 0) {
  std::vector<std::uint32_t> ends;
  regex_splitter(pattern)->split(text, begin, static_cast<std::uint32_t>(text.size()), ends);
  return ends;
}

TEST(RegexSplitter, CutsAtBothEndsOfEveryMatch) {
  EXPECT_THAT(cuts("b+", "abba"), ElementsAre(1, 3, 4));
  EXPECT_THAT(cuts("b+", "bb"), ElementsAre(2));
  EXPECT_THAT(cuts("x", "abba"), ElementsAre(4));
  EXPECT_THAT(cuts(R"(\p{L})", "é."), ElementsAre(2, 3));
}

TEST(RegexSplitter, SeesOnlyThePiece) {
  EXPECT_THAT(cuts("^a", "aa", 1), ElementsAre(2));
  EXPECT_THAT(cuts("(?<=a)b", "ab", 1), ElementsAre(2));
}

TEST(RegexSplitter, RefusesABrokenPattern) { EXPECT_THROW(regex_splitter("(a"), InputError); }

TEST(RegexSplitter, RefusesEndlessBacktracking) {
  EXPECT_THROW(cuts("(?:(?:a+)+)+b|c", std::string(100, 'a')), InputError);
}

}  // namespace
}  // namespace conceptune::tokenizer
