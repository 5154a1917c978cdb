// The tables behind WordNet.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "conceptune/concepts/wordnet.h"

namespace conceptune::concepts {

/// The parts of speech that concepts are made of, in the order of the tables.
enum class WordNetPart : std::uint8_t { noun, verb, adjective };

inline constexpr std::array kWordNetParts = {WordNetPart::noun, WordNetPart::verb, WordNetPart::adjective};
inline constexpr std::array kWordNetSuffixes = {"noun", "verb", "adj"};  // of the files' names

/// Searched by string_view without a copy.
template <class Value>
using StringMap = std::map<std::string, Value, std::less<>>;

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
  std::array<StringMap<std::vector<std::string>>, kWordNetParts.size()> inflections;  // the other way round
  std::string hash;
};

}  // namespace conceptune::concepts
