#include "conceptune/runtime/tokenizer/nfc.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conceptune::tokenizer {
namespace {

using ::testing::ElementsAre;

TEST(Nfc, LeavesNormalizedTextAlone) {
  for (const char* text : {"", "plain", "café ½ €", "日本語", "😀", "한국어"}) {
    const auto normalized = normalize_nfc(text);
    EXPECT_EQ(normalized ? normalized->text : text, text);
  }
  EXPECT_EQ(normalize_nfc("café"), std::nullopt);
}

TEST(Nfc, ComposesAndSaysWhereCharactersCameFrom) {
  const auto normalized = normalize_nfc("xe\u0301y");
  ASSERT_TRUE(normalized);
  EXPECT_EQ(normalized->text, "xéy");
  EXPECT_THAT(normalized->source, ElementsAre(0, 1, 3));
}

// Rows of the Unicode standard's NormalizationTest.txt.
TEST(Nfc, FollowsTheStandard) {
  const std::pair<const char*, const char*> rows[] = {
      {"\u1E0A\u0323", "\u1E0C\u0307"},   // marks in canonical order
      {"D\u0307\u0323", "\u1E0C\u0307"},  // composed past a mark of another class
      {"\u0344", "\u0308\u0301"},         // excluded from composition
      {"\u0958", "\u0915\u093C"},         // likewise
      {"\u1100\u1161\u11A8", "\uAC01"},   // Hangul by rule
      {"\uAC00\u11A8", "\uAC01"},         //
      {"\u212B", "\u00C5"},               // singletons
      {"a\u0315\u0300\u05AE\u0300b", "\u00E0\u05AE\u0300\u0315b"},
      {"\u09C7\u09BE", "\u09CB"},        // a second of class 0
      {"\u0301\u0301", "\u0301\u0301"},  // no starter
  };
  for (const auto& [text, expected] : rows) {
    const auto normalized = normalize_nfc(text);
    EXPECT_EQ(normalized ? normalized->text : text, expected);
  }
}

}  // namespace
}  // namespace conceptune::tokenizer
