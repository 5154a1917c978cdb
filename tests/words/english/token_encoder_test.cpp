#include "conceptune/words/english/token_encoder.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/words/english/string_id.h"
#include "conceptune/words/english/word_norms.h"
#include "tests/words/spacy_vectors.h"

namespace conceptune::words {
namespace {

/// "What are you looking for ?", with what spaCy's encoder gives for its first token.
TEST(TokenEncoder, EqualsSpacys) {
  CONCEPTUNE_REQUIRE(model_folder());
  const TokenEncoder encoder = TokenEncoder::load(model_folder() / "tok2vec/model");
  const WordNorms norms = WordNorms::load(model_folder() / "vocab/lookups.bin");
  std::vector<WordFeatures> words;
  for (const char* word : {"What", "are", "you", "looking"})
    words.push_back(word_features(word, nullptr, true, norms));
  for (const char* word : {"for", "?"}) words.push_back(word_features(word, nullptr, false, norms));
  TokenEncoder::Document document(encoder, words.size());
  encoder.embed(words, document.row(0));
  encoder.encode(document);
  const float expected[] = {-0.25301465F, -1.0102211F, 1.1868441F, 0.28276628F};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(document.row(0)[i], expected[i], 1e-5) << i;
}

TEST(TokenEncoder, EncodesADocumentOfNoTokens) {
  CONCEPTUNE_REQUIRE(model_folder());
  const TokenEncoder encoder = TokenEncoder::load(model_folder() / "tok2vec/model");
  TokenEncoder::Document document(encoder, 0);
  encoder.encode(document);
  EXPECT_EQ(document.tokens(), 0U);
}

TEST(TokenEncoder, RefusesAnotherNetwork) {
  CONCEPTUNE_REQUIRE(model_folder());
  EXPECT_THROW(TokenEncoder::load(model_folder() / "tagger/model"), InputError);
}

}  // namespace
}  // namespace conceptune::words
