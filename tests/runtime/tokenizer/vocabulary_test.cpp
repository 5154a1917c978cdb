#include "conceptune/runtime/tokenizer/vocabulary.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace conceptune::tokenizer {
namespace {

TEST(Vocabulary, FindsNormalTokensByTheirBytes) {
  std::vector<std::string> tokens;
  for (int i = 0; i < 5000; ++i) tokens.push_back(fmt::format("t{}", i));
  const Vocabulary vocabulary(tokens, std::vector<TokenKind>(tokens.size(), TokenKind::normal));
  for (TokenId id = 0; id < 5000; ++id) ASSERT_EQ(vocabulary.find(vocabulary.bytes(id)), id);
  EXPECT_EQ(vocabulary.find("t5000"), -1);
  EXPECT_EQ(vocabulary.find(""), -1);
}

TEST(Vocabulary, DoesNotFindTokensThatAreNoText) {
  const Vocabulary vocabulary({"a", "<s>", "[PAD]", "b"},
                              {TokenKind::normal, TokenKind::special, TokenKind::added, TokenKind::unused});
  EXPECT_EQ(vocabulary.find("a"), 0);
  EXPECT_EQ(vocabulary.find("<s>"), -1);
  EXPECT_EQ(vocabulary.find("[PAD]"), -1);
  EXPECT_EQ(vocabulary.find("b"), -1);
  EXPECT_EQ(vocabulary.kind(1), TokenKind::special);
}

TEST(Vocabulary, GivesTheFirstOfEqualTokens) {
  const Vocabulary vocabulary({"a", "a"}, {TokenKind::normal, TokenKind::normal});
  EXPECT_EQ(vocabulary.find("a"), 0);
}

}  // namespace
}  // namespace conceptune::tokenizer
