#include "conceptune/runtime/tokenizer/unicode_class.h"

#include <gtest/gtest.h>

namespace conceptune::tokenizer {
namespace {

CharacterClass class_of(char32_t character) { return character_classes()[character]; }

TEST(UnicodeClass, KnowsEveryKind) {
  using enum CharacterClass;
  EXPECT_EQ(class_of(U'a'), letter);
  EXPECT_EQ(class_of(U'ß'), letter);
  EXPECT_EQ(class_of(U'日'), letter);
  EXPECT_EQ(class_of(U'5'), number);
  EXPECT_EQ(class_of(U'½'), number);
  EXPECT_EQ(class_of(U'!'), punctuation);
  EXPECT_EQ(class_of(U'。'), punctuation);
  EXPECT_EQ(class_of(U'$'), other);
  EXPECT_EQ(class_of(U'😀'), other);
  EXPECT_EQ(class_of(U'\u0301'), other);
  EXPECT_EQ(class_of(0x10FFFF), other);
}

TEST(UnicodeClass, KnowsWhiteSpace) {
  std::size_t spaces = 0;
  for (char32_t c = 0; c < 0x110000; ++c) spaces += class_of(c) == CharacterClass::space;
  EXPECT_EQ(spaces, 25U);
  EXPECT_EQ(class_of(U'\u00A0'), CharacterClass::space);
  EXPECT_EQ(class_of(U'\u3000'), CharacterClass::space);
  EXPECT_NE(class_of(U'\u200B'), CharacterClass::space);
}

TEST(UnicodeClass, TablesAreSortedAndDisjoint) {
  for (const auto ranges : {letter_ranges(), number_ranges(), punctuation_ranges(), space_ranges()})
    for (std::size_t i = 1; i < ranges.size(); ++i) {
      EXPECT_LE(ranges[i].first, ranges[i].last);
      EXPECT_GT(ranges[i].first, ranges[i - 1].last + 1);
    }
}

TEST(UnicodeClass, GivesTheSizeOfACharacter) {
  EXPECT_EQ(character_at("aé", 1, character_classes()).size, 2U);
  EXPECT_EQ(character_at("aé", 1, character_classes()).kind, CharacterClass::letter);
}

}  // namespace
}  // namespace conceptune::tokenizer
