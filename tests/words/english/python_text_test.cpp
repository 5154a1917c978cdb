// Values of Python 3.11 and spaCy 3.8.
#include "conceptune/words/english/python_text.h"

#include <gtest/gtest.h>

namespace conceptune::words {
namespace {

TEST(PythonText, KnowsPythonsWhiteSpace) {
  EXPECT_TRUE(is_all_python_space(" \u00a0\n"));
  EXPECT_FALSE(is_all_python_space(" a"));
  EXPECT_FALSE(is_all_python_space(""));
}

TEST(PythonText, LowersLikePython) {
  EXPECT_EQ(python_lower("Hello WORLD 42"), "hello world 42");
  EXPECT_EQ(python_lower("ÀÉ ŽŁ Ω Я Ⅻ Ⓐ"), "àé žł ω я ⅻ ⓐ");
  EXPECT_EQ(python_lower("İstanbul"), "i\u0307stanbul");
  EXPECT_EQ(python_lower("ẞ"), "ß");
}

TEST(PythonText, LowersSigmaByItsPlace) {
  EXPECT_EQ(python_lower("ΟΔΥΣΣΕΥΣ"), "οδυσσευς");
  EXPECT_EQ(python_lower("Σ"), "σ");                // no letter before
  EXPECT_EQ(python_lower("ΑΣ."), "ας.");            // punctuation after is skipped
  EXPECT_EQ(python_lower("ΑΣ'Α"), "ασ'α");          // an apostrophe does not end a word
  EXPECT_EQ(python_lower("Α\u0301Σ"), "α\u0301ς");  // nor does an accent begin one
  EXPECT_EQ(python_lower("1Σ"), "1σ");
}

TEST(PythonText, GivesSpacysShapes) {
  EXPECT_EQ(word_shape("McDonald's"), "XxXxxxx'x");
  EXPECT_EQ(word_shape("C++"), "X++");
  EXPECT_EQ(word_shape("-----"), "----");
  EXPECT_EQ(word_shape("1234567"), "dddd");
  EXPECT_EQ(word_shape("Éa中²٣½"), "Xxxdd½");
  EXPECT_EQ(word_shape(""), "");
  EXPECT_EQ(word_shape(std::string(99, 'a')), "xxxx");
  EXPECT_EQ(word_shape(std::string(100, 'a')), "LONG");
}

TEST(PythonText, CutsAtCharacters) {
  EXPECT_EQ(word_prefix("été"), "é");
  EXPECT_EQ(word_suffix("naïve"), "ïve");
  EXPECT_EQ(word_suffix("中文"), "中文");
  EXPECT_EQ(word_suffix(""), "");
  EXPECT_EQ(word_prefix(""), "");
}

TEST(PythonText, TellsPunctuation) {
  for (const char32_t c : std::u32string_view(U"!$+<^`~.,'\u2019\u2014\u00bf\u3002"))
    EXPECT_TRUE(is_punctuation(c));
  for (const char32_t c : std::u32string_view(U"a0 \n\u00e9\u20ac\u00a0")) EXPECT_FALSE(is_punctuation(c));
}

}  // namespace
}  // namespace conceptune::words
