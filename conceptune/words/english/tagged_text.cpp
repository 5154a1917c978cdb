#include "conceptune/words/english/tagged_text.h"

#include <algorithm>
#include <array>

namespace conceptune::words {
namespace {

// In the order of PartOfSpeech.
constexpr std::array<std::string_view, kPartsOfSpeech> kNames = {
    "ADJ",  "ADP",  "ADV",   "AUX",   "CCONJ", "DET", "INTJ", "NOUN", "NUM",
    "PART", "PRON", "PROPN", "PUNCT", "SCONJ", "SYM", "VERB", "X",    "SPACE"};

}  // namespace

std::string_view name_of(PartOfSpeech pos) { return kNames[static_cast<std::size_t>(pos)]; }

std::optional<PartOfSpeech> part_of_speech_named(std::string_view name) {
  const auto found = std::ranges::find(kNames, name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<PartOfSpeech>(found - kNames.begin());
}

}  // namespace conceptune::words
