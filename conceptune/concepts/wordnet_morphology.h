// WordNet's morphology: from a word as it stands in a text to the words that the database has. The algorithm
// is that of Princeton's library, described in morphy(7WN).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "conceptune/concepts/wordnet_data.h"

namespace conceptune::concepts {

/// A word in the database's spelling: ASCII letters in lower case, spaces for underscores.
std::string database_spelling(std::string_view word);

/// The spellings under which the database may have a word (in its spelling): as it is, then with hyphens for
/// spaces, with spaces for hyphens, with neither, and without periods; each once.
std::vector<std::string> alternative_spellings(const std::string& word);

/// One part of speech of a database.
class Morphology {
 public:
  using Exceptions = StringMap<std::vector<std::string>>;
  using Senses = StringMap<std::vector<Synset>>;

  /// Keeps references to both.
  Morphology(WordNetPart part, const Exceptions& exceptions, const Senses& senses)
      : part_(part), exceptions_(exceptions), senses_(senses) {}

  /// The forms that `word` (in the database's spelling) is an inflection of, most likely first; the word
  /// itself is none of them. Those on its line of the exception list, or else the first that a rule of
  /// detachment gives and the database has, or else, for words with hyphens or spaces, the word with each of
  /// its parts so treated. Not all that an exception list names is in the database.
  std::vector<std::string> uninflected(const std::string& word) const;

  /// Whether the database has a word in any of its spellings.
  bool has(const std::string& word) const;

 private:
  /// The form behind a word or a part of one, perhaps itself; empty when there is none.
  std::string form_behind(const std::string& word) const;
  std::string with_parts_uninflected(const std::string& word) const;

  WordNetPart part_;
  const Exceptions& exceptions_;
  const Senses& senses_;
};

}  // namespace conceptune::concepts
