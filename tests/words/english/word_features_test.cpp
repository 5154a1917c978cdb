#include "conceptune/words/english/word_features.h"

#include <gtest/gtest.h>

#include "conceptune/words/english/string_id.h"
#include "tests/words/spacy_vectors.h"

namespace conceptune::words {
namespace {

TEST(WordFeatures, EqualSpacys) {
  CONCEPTUNE_REQUIRE(model_folder());
  const WordNorms norms = WordNorms::load(model_folder() / "vocab/lookups.bin");
  for (const Json& vector : spacy_vectors("vectors.jsonl")) {
    for (const Json& token : vector.at("tokens")) {
      const auto word = token.at("text").get<std::string>();
      SCOPED_TRACE(word);
      // Norms that special cases prescribe are the tokenizer's matter: here they are given.
      const auto norm = token.at("norm").get<std::string>();
      const WordFeatures features = word_features(word, &norm, token.at("ws"), norms);
      for (std::size_t f = 0; f < kWordFeatures; ++f)
        EXPECT_EQ(std::to_string(features[f]), token.at("ids")[f].get<std::string>()) << "feature " << f;
    }
  }
}

}  // namespace
}  // namespace conceptune::words
