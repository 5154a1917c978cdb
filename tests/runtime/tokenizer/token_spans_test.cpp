#include "conceptune/runtime/tokenizer/token_spans.h"

#include <gtest/gtest.h>

namespace conceptune::tokenizer {
namespace {

TEST(CharacterCounter, CountsCharactersForwardsAndBackwards) {
  CharacterCounter characters("a\u00e9\u65e5b");
  EXPECT_EQ(characters.span_of(0, 1), (Span{0, 1}));
  EXPECT_EQ(characters.span_of(3, 7), (Span{2, 4}));
  EXPECT_EQ(characters.span_of(1, 3), (Span{1, 2}));
  EXPECT_EQ(characters.span_of(2, 4), (Span{1, 3})) << "parts of characters count as whole ones";
  EXPECT_EQ(characters.span_of(7, 7), (Span{4, 4}));
}

TEST(Trimmed, LeavesOutSpacesOfBytes) {
  EXPECT_EQ(trimmed({3, 7}, "  ab", false, OffsetTrim::all), (Span{5, 7}));
  EXPECT_EQ(trimmed({3, 6}, "a\n ", false, OffsetTrim::all), (Span{3, 5}));
  EXPECT_EQ(trimmed({0, 3}, " ab", false, OffsetTrim::all), (Span{1, 3}));
  EXPECT_EQ(trimmed({0, 3}, " ab", false, OffsetTrim::all_but_first), (Span{0, 3}));
  EXPECT_EQ(trimmed({4, 6}, "  ", false, OffsetTrim::all), (Span{6, 6}));
  EXPECT_EQ(trimmed({2, 3}, "\xa0", false, OffsetTrim::all), (Span{2, 3})) << "a part of a character";
}

TEST(Trimmed, LeavesOutAllWhiteSpaceOfAddedTokens) {
  EXPECT_EQ(trimmed({1, 8}, " \n<a>\u3000\u0120", true, OffsetTrim::all), (Span{3, 6}));
  EXPECT_EQ(trimmed({0, 4}, " <a>", true, OffsetTrim::all_but_first), (Span{0, 4}));
  EXPECT_EQ(trimmed({1, 3}, "\n\t", true, OffsetTrim::all), (Span{3, 3}));
}

}  // namespace
}  // namespace conceptune::tokenizer
