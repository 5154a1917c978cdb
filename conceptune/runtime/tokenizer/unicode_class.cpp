#include "conceptune/runtime/tokenizer/unicode_class.h"

#include <algorithm>
#include <vector>

namespace conceptune::tokenizer {
namespace {

std::vector<CharacterClass> make_classes() {
  std::vector<CharacterClass> classes(0x110000, CharacterClass::other);
  const auto fill = [&](std::span<const CodePointRange> ranges, CharacterClass kind) {
    for (const auto [first, last] : ranges)
      std::fill(classes.begin() + first, classes.begin() + last + 1, kind);
  };
  fill(letter_ranges(), CharacterClass::letter);
  fill(number_ranges(), CharacterClass::number);
  fill(punctuation_ranges(), CharacterClass::punctuation);
  fill(space_ranges(), CharacterClass::space);
  return classes;
}

}  // namespace

const CharacterClass* character_classes() {
  static const std::vector<CharacterClass> classes = make_classes();
  return classes.data();
}

}  // namespace conceptune::tokenizer
