#include "conceptune/runtime/tokenizer/added_tokens.h"

#include <gtest/gtest.h>

namespace conceptune::tokenizer {
namespace {

class AddedTokensTest : public ::testing::Test {
 protected:
  std::string found(std::string_view text, bool parse_special, std::size_t from = 0) const {
    const auto match = added_.find(text, from, parse_special);
    if (!match) return "nothing";
    return std::to_string(match->id) + ":" + std::to_string(match->begin) + "-" + std::to_string(match->end);
  }

  Vocabulary vocabulary_{{"word", "<|end|>", "[P1]", "[P12]", "[P", ""},
                         {TokenKind::normal, TokenKind::special, TokenKind::added, TokenKind::added,
                          TokenKind::added, TokenKind::special}};
  AddedTokens added_{vocabulary_};
};

TEST_F(AddedTokensTest, FindsSpecialTokensOnlyWhenAsked) {
  EXPECT_EQ(found("a<|end|>", true), "1:1-8");
  EXPECT_EQ(found("a<|end|>", false), "nothing");
  EXPECT_EQ(found("word", true), "nothing");
}

TEST_F(AddedTokensTest, TakesTheLeftmostAndLongest) {
  EXPECT_EQ(found("x[P12]<|end|>", true), "3:1-6");
  EXPECT_EQ(found("[P1]", false), "2:0-4");
  EXPECT_EQ(found("[P13]", false), "4:0-2");
  EXPECT_EQ(found("[P1", false), "4:0-2");
  EXPECT_EQ(found("<|end<|end|>", true), "1:5-12");
}

TEST_F(AddedTokensTest, SearchesFromAPosition) {
  EXPECT_EQ(found("[P1][P1]", false, 1), "2:4-8");
  EXPECT_EQ(found("[P1]", false, 4), "nothing");
}

}  // namespace
}  // namespace conceptune::tokenizer
