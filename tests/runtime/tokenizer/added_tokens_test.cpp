#include "conceptune/runtime/tokenizer/added_tokens.h"

#include <gtest/gtest.h>

namespace conceptune::tokenizer {
namespace {

using Matches = std::vector<AddedTokenMatch>;

std::vector<AddedToken> plain_tokens() {
  return {{1, "<|end|>", true}, {2, "[P1]"}, {3, "[P12]"}, {4, "[P"}, {5, "", true}};
}

Matches raw(const AddedTokens& added, std::string_view text, bool parse_special = true) {
  return added.matches(text, SearchStage::raw, parse_special);
}

TEST(AddedTokens, FindsSpecialTokensOnlyWhenAsked) {
  const AddedTokens added(plain_tokens(), false);
  EXPECT_EQ(raw(added, "a<|end|>", true), (Matches{{1, 1, 8}}));
  EXPECT_EQ(raw(added, "a<|end|>", false), Matches());
  EXPECT_EQ(raw(added, "word", true), Matches());
}

TEST(AddedTokens, TakesTheLeftmostAndLongest) {
  const AddedTokens added(plain_tokens(), false);
  EXPECT_EQ(raw(added, "x[P12]<|end|>"), (Matches{{3, 1, 6}, {1, 6, 13}}));
  EXPECT_EQ(raw(added, "[P1][P1]", false), (Matches{{2, 0, 4}, {2, 4, 8}}));
  EXPECT_EQ(raw(added, "[P13]", false), (Matches{{4, 0, 2}}));
  EXPECT_EQ(raw(added, "[P1", false), (Matches{{4, 0, 2}}));
  EXPECT_EQ(raw(added, "<|end<|end|>"), (Matches{{1, 5, 12}}));
}

TEST(AddedTokens, OfEachStageAreFoundThere) {
  const AddedTokens added({{1, "ab"}, {2, "abc", false, true}}, true);
  EXPECT_EQ(raw(added, "abc"), (Matches{{1, 0, 2}}));
  EXPECT_EQ(added.matches("abc", SearchStage::normalized, true), (Matches{{2, 0, 3}}));
  EXPECT_FALSE(added.is_plain());
  EXPECT_TRUE(AddedTokens(plain_tokens(), true).is_plain());
  EXPECT_TRUE(AddedTokens({}, true).is_plain());
  EXPECT_FALSE(AddedTokens({{1, "a", false, false, true}}, true).is_plain());
}

TEST(AddedTokens, ASpecialTokenThatIsNotParsedHidesOthersOnlyInHuggingFace) {
  const std::vector<AddedToken> tokens = {{1, "<s>", true}, {2, "<s"}};
  EXPECT_EQ(raw(AddedTokens(tokens, true), "<s><s", false), (Matches{{2, 3, 5}}));
  EXPECT_EQ(raw(AddedTokens(tokens, false), "<s><s", false), (Matches{{2, 0, 2}, {2, 3, 5}}));
}

}  // namespace
}  // namespace conceptune::tokenizer
