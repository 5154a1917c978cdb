#include "conceptune/concepts/substitute_pool.h"

#include <gtest/gtest.h>

#include "tests/support/inputs.h"

namespace conceptune::concepts {
namespace {

using words::PartOfSpeech;

class SubstitutePoolTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto model = test::input("SmolLM2-135M-Instruct.Q4_1.gguf");
    CONCEPTUNE_REQUIRE(model);
    CONCEPTUNE_REQUIRE(WordNetOptions{}.folder / "data.noun");
    tokenizer_ = tokenizer::Tokenizer::load(model);
    wordnet_ = WordNet::load(WordNetOptions{}.folder);
  }

  std::vector<PoolWord> pool(const std::string& text, PartOfSpeech pos, WordForm form,
                             const Candidates& candidates, std::size_t most = 200) const {
    const ConceptWord word{0, text, pos, {}};
    return substitute_pool(word, form, candidates, neighbours_of(*wordnet_, text, pos, {}), *wordnet_,
                           *tokenizer_, most);
  }
  static const PoolWord* find(const std::vector<PoolWord>& words, const std::string& text) {
    const auto found = std::ranges::find(words, text, &PoolWord::text);
    return found == words.end() ? nullptr : &*found;
  }

  std::shared_ptr<const tokenizer::Tokenizer> tokenizer_;
  std::shared_ptr<const WordNet> wordnet_;
};

TEST_F(SubstitutePoolTest, HasWordNetsWordsInTheWordsForm) {
  const auto words = pool("bought", PartOfSpeech::verb, WordForm::past, {});
  ASSERT_FALSE(words.empty());
  EXPECT_EQ(words.front().text, "purchased");
  EXPECT_EQ(words.front().steps, 0);
  EXPECT_EQ(words.front().ids, tokenizer_->encode_ids(" purchased"));
  ASSERT_NE(find(words, "acquired"), nullptr);
  EXPECT_EQ(find(words, "acquired")->steps, 1);
  EXPECT_EQ(find(words, "buy"), nullptr);
  EXPECT_EQ(find(words, "purchase"), nullptr);
  EXPECT_EQ(pool("bought", PartOfSpeech::verb, WordForm::past, {}, 3).size(), 3U);
}

TEST_F(SubstitutePoolTest, AddsCandidatesThatWordNetKnows) {
  const Candidates candidates = {{5, "purchased", 0.3}, {6, "buy", 0.2}, {7, "ate", 0.1}, {8, "the", 0.1}};
  const auto words = pool("bought", PartOfSpeech::verb, WordForm::past, candidates);
  EXPECT_EQ(words.back(),
            (PoolWord{"ate", {7}, kUnrelated, 0}));  // neither its own inflection nor other words
  EXPECT_EQ(find(words, "purchased")->steps, 0);     // WordNet's comes first
  EXPECT_EQ(find(words, "buy"), nullptr);
}

TEST_F(SubstitutePoolTest, IsEmptyForWhatNobodyKnows) {
  EXPECT_TRUE(pool("qwertz", PartOfSpeech::noun, WordForm::base, {}).empty());
}

}  // namespace
}  // namespace conceptune::concepts
