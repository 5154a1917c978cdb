#include "conceptune/words/english/word_types.h"

#include <gtest/gtest.h>

#include "tests/words/spacy_vectors.h"

namespace conceptune::words {
namespace {

TEST(WordTypes, AreOneForWordsWithEqualFeatures) {
  CONCEPTUNE_REQUIRE(model_folder());
  const auto norms = WordNorms::load(model_folder() / "vocab/lookups.bin");
  const auto encoder = TokenEncoder::load(model_folder() / "tok2vec/model");
  const auto ruler = AttributeRuler::load(model_folder() / "attribute_ruler/patterns");
  WordTypes words(norms, encoder, ruler);
  const std::string prescribed = "before";
  const std::string text = "It it it it \n";
  const std::vector<WordPiece> pieces = {{0, 2, true, nullptr},  {3, 2, true, nullptr},
                                         {6, 2, true, nullptr},  {9, 2, true, &prescribed},
                                         {3, 2, false, nullptr}, {12, 1, false, nullptr}};
  std::vector<std::uint32_t> types;
  words.look_up(text, pieces, types);
  ASSERT_EQ(types.size(), pieces.size());
  EXPECT_NE(types[0], types[1]);  // case
  EXPECT_EQ(types[1], types[2]);
  EXPECT_NE(types[2], types[3]);  // norm
  EXPECT_NE(types[2], types[4]);  // space after
  EXPECT_EQ(words.lower(types[0]), ruler.symbol("it"));
  EXPECT_NE(words.lower(types[0]), AttributeRuler::kUnknown);
  EXPECT_TRUE(words.is_space(types[5]));
  EXPECT_FALSE(words.is_space(types[4]));

  // Each has the vector that the encoder gives for its features.
  std::vector<float> expected(TokenEncoder::kWidth);
  const WordFeatures features[] = {word_features("it", nullptr, true, norms)};
  encoder.embed(features, expected.data());
  const float* actual = words.embedding(types[1]);
  EXPECT_EQ(std::vector<float>(actual, actual + TokenEncoder::kWidth), expected);
}

}  // namespace
}  // namespace conceptune::words
