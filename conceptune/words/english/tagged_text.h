// Words of English text with what the tagging pipeline says about each.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace conceptune::words {

/// Universal Dependencies' parts of speech, and `space` for runs of white space (spaCy's SPACE).
enum class PartOfSpeech : std::uint8_t {
  adj,
  adp,
  adv,
  aux,
  cconj,
  det,
  intj,
  noun,
  num,
  part,
  pron,
  propn,
  punct,
  sconj,
  sym,
  verb,
  x,
  space
};

inline constexpr int kPartsOfSpeech = 18;

/// Universal Dependencies' name: "ADJ", "NOUN", …
std::string_view name_of(PartOfSpeech pos);

/// The part of speech with that name, or nothing.
std::optional<PartOfSpeech> part_of_speech_named(std::string_view name);

/// One token of a text, in the sense of spaCy: a word, a part of one ("do", "n't"), a punctuation mark, a run
/// of white space.
struct TaggedToken {
  std::string text;
  std::uint32_t begin;   // first character in the text
  bool space_after;      // a single space follows, which belongs to no token
  std::string_view tag;  // Penn Treebank tag; lives as long as the pipeline
  PartOfSpeech pos;
  std::string_view
      dependency;       // relation to the head, "ROOT" for a sentence's root; empty without the parser
  std::int32_t head;    // index of the head token; the token's own for a root and without the parser
  bool sentence_start;  // always false without the parser
};

}  // namespace conceptune::words
