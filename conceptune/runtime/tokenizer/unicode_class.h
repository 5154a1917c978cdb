// Characters by what the pre-tokenizers ask of them: \p{L}, \p{N}, \p{P}, \s. Unicode 16, as in Hugging Face
// tokenizers 0.23 (llama.cpp has 15.1: they differ on characters that are new in 16).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "conceptune/base/utf8.h"

namespace conceptune::tokenizer {

enum class CharacterClass : std::uint8_t { other, letter, number, punctuation, space };

struct CodePointRange {
  char32_t first, last;  // both included
};

// The tables behind class_of, sorted.
std::span<const CodePointRange> letter_ranges();
std::span<const CodePointRange> number_ranges();
std::span<const CodePointRange> punctuation_ranges();
std::span<const CodePointRange> space_ranges();

/// The class of each character, indexed by character (1,114,112 entries).
const CharacterClass* character_classes();

/// One character of a text with its class. `classes` is character_classes(), fetched once by the caller.
struct Character {
  CharacterClass kind;
  std::uint32_t size;  // bytes
};

inline Character character_at(std::string_view text, std::size_t position, const CharacterClass* classes) {
  const auto byte = static_cast<unsigned char>(text[position]);
  if (byte < 0x80) return {classes[byte], 1};
  const CodePoint character = code_point_at(text, position);
  return {classes[character.value], character.size};
}

}  // namespace conceptune::tokenizer
