// The tables behind WordNet.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "conceptune/concepts/wordnet.h"

namespace conceptune::concepts {

/// The parts of speech that concepts are made of, in the order of the tables.
enum class WordNetPart : std::uint8_t { noun, verb, adjective };

inline constexpr std::array kWordNetParts = {WordNetPart::noun, WordNetPart::verb, WordNetPart::adjective};
inline constexpr std::array kWordNetSuffixes = {"noun", "verb", "adj"};  // of the files' names

/// Lets maps of strings be searched by string_view.
struct StringHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

template <class Value>
using StringMap = std::unordered_map<std::string, Value, StringHash, std::equal_to<>>;

struct WordNetPointer {
  char symbol;  // first character of the relation's symbol in the database: '@', '~', '&', '$'
  Synset target;
};

struct WordNetSynset {
  std::vector<std::string> words;
  std::vector<WordNetPointer> pointers;
};

struct WordNet::Data {
  std::vector<WordNetSynset> synsets;
  std::array<StringMap<std::vector<Synset>>, kWordNetParts.size()> senses;
  std::array<StringMap<std::vector<std::string>>, kWordNetParts.size()> exceptions;
  std::string hash;
};

}  // namespace conceptune::concepts
