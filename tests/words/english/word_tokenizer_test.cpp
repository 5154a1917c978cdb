// spaCy's tokenizer in its odd corners; the golden vectors and corpora are in english_pipeline_test.cpp.
#include "conceptune/words/english/word_tokenizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/support/temporary_folder.h"
#include "tests/words/spacy_vectors.h"

namespace conceptune::words {
namespace {

using ::testing::ElementsAre;

class WordTokenizerTest : public ::testing::Test {
 protected:
  void SetUp() override { CONCEPTUNE_REQUIRE(model_folder()); }

  /// The tokens, with "·" where a space follows that belongs to none.
  static std::vector<std::string> split(const std::string& text) {
    static const WordTokenizer tokenizer = WordTokenizer::load(model_folder() / "tokenizer");
    static WordTokenizer::Cache cache;
    std::vector<std::string> words;
    for (const WordPiece& piece : tokenizer.split(text, cache))
      words.push_back(text.substr(piece.begin, piece.size) + (piece.space_after ? "·" : ""));
    return words;
  }
};

TEST_F(WordTokenizerTest, GivesASingleSpaceToTheWordBefore) {
  EXPECT_THAT(split(""), ElementsAre());
  EXPECT_THAT(split(" a"), ElementsAre(" ", "a"));
  EXPECT_THAT(split("a "), ElementsAre("a·"));
  EXPECT_THAT(split("a  b"), ElementsAre("a·", " ", "b"));
  EXPECT_THAT(split("a \nb"), ElementsAre("a·", "\n", "b"));
  EXPECT_THAT(split("a\n b"), ElementsAre("a", "\n ", "b"));
  EXPECT_THAT(split("a  "), ElementsAre("a·", " "));
  EXPECT_THAT(split("a\u00a0b"), ElementsAre("a", "\u00a0", "b"));
  EXPECT_THAT(split("a \u00a0 b"), ElementsAre("a·", "\u00a0 ", "b"));
}

TEST_F(WordTokenizerTest, TakesAffixesOffAndKeepsSpecialCases) {
  EXPECT_THAT(split("(don't!)"), ElementsAre("(", "do", "n't", "!", ")"));
  EXPECT_THAT(split("www.example.com."), ElementsAre("www.example.com", "."));
  EXPECT_THAT(split("well-known 10km U.S."), ElementsAre("well", "-", "known·", "10", "km·", "U.S."));
  EXPECT_THAT(split("a,b:c"), ElementsAre("a", ",", "b", ":", "c"));
}

TEST_F(WordTokenizerTest, JoinsSpecialCasesThatAffixesTookApart) {
  EXPECT_THAT(split("a:-)b :-) x"), ElementsAre("a:-)b·", ":-)·", "x"));
  EXPECT_THAT(split("(:-)"), ElementsAre("(", ":-)"));
}

TEST_F(WordTokenizerTest, PrescribesNormsOfSpecialCases) {
  const WordTokenizer tokenizer = WordTokenizer::load(model_folder() / "tokenizer");
  WordTokenizer::Cache cache;
  const auto pieces = tokenizer.split("can't cat", cache);
  ASSERT_EQ(pieces.size(), 3U);
  EXPECT_EQ(*pieces[0].norm, "can");
  EXPECT_EQ(*pieces[1].norm, "not");
  EXPECT_EQ(pieces[2].norm, nullptr);
}

TEST_F(WordTokenizerTest, CoversEveryByteOfAnyText) {
  std::string text;
  for (int i = 0; i < 3000; ++i)
    text += "a.://@:-)'s\u00a0 é\n"[i * 7 % 15] & 0x80 ? 'x' : "a.://@:-)'s\u00a0 é\n"[i * 7 % 15];
  std::string joined;
  for (const auto& word : split(text)) {
    const bool spaced = word.ends_with("·");
    joined += spaced ? word.substr(0, word.size() - std::string("·").size()) + " " : word;
  }
  EXPECT_EQ(joined, text);
}

TEST(WordTokenizerFile, IsRefusedWhenASpecialCaseDoesNotSpellItsText) {
  const test::TemporaryFolder folder;
  const std::string patterns = std::string("\xadprefix_search\xa2^a\xadsuffix_search\xa2") + "b$" +
                               "\xaeinfix_finditer\xa1-\xa9url_match\xa2^u\xaa" + "exceptions";
  const auto load = [&](const std::string& special_cases) {
    return WordTokenizer::load(folder.write("tokenizer", "\x85" + patterns + special_cases));
  };
  EXPECT_NO_THROW(load("\x81\xa3xyz\x92\x81\x41\xa1x\x81\x41\xa2yz"));
  EXPECT_THROW(load("\x81\xa3xyz\x92\x81\x41\xa1x\x81\x41\xa1y"), InputError);
  EXPECT_THROW(load("\x81\xa3xyz\x92\x81\x41\xa3xyz\x81\x41\xa0"), InputError);
  EXPECT_THROW(load("\x81\xa3xyz\x91\x80"), InputError);
}

}  // namespace
}  // namespace conceptune::words
