// The words that WordNet places close to a word.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "conceptune/concepts/wordnet.h"

namespace conceptune::concepts {

/// Steps, and a quarter of one for every sense that is more frequent: chosen on SWORDS dev
/// (docs/concept-sources.md).
inline double remoteness_of(int steps, int sense) { return steps + 0.25 * sense; }

/// A synset close to a word.
struct WordNetNeighbour {
  Synset synset;
  int distance;  // steps from the nearest of the word's senses
  int sense;     // which one that is: 0 for the most frequent

  double remoteness() const { return remoteness_of(distance, sense); }
};

struct WordNetNeighbours {
  std::vector<std::string> base_forms;     // of the word itself
  std::vector<WordNetNeighbour> synsets;   // the least remote first
  std::unordered_map<Synset, int> places;  // in synsets

  /// The first of the synsets that a base form belongs to; null for none.
  const WordNetNeighbour* of(const WordNet& wordnet, const std::string& base_form,
                             words::PartOfSpeech pos) const;
  /// Whether a base form is the word's own, whatever the case of its letters.
  bool is_own(const std::string& base_form) const;
};

/// The neighbours of a word in any inflection, by the options' relations, depth and senses.
WordNetNeighbours neighbours_of(const WordNet& wordnet, const std::string& word, words::PartOfSpeech pos,
                                const WordNetOptions& options);

}  // namespace conceptune::concepts
