// A source of concepts: what fills in the synonyms of content words. docs/adding-a-concept-source.md shows
// how to write one.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "conceptune/base/json.h"
#include "conceptune/concepts/candidate.h"
#include "conceptune/concepts/dataset.h"

namespace conceptune::concepts {

/// A record whose words have no synonyms yet, with what the model would say in their places.
struct Draft {
  ConceptRecord record;
  std::vector<Candidates> candidates;  // one for each word; empty when the source needs none
  /// Why a word has no candidates, or could not be judged, where that is known; by the word's index.
  std::map<std::size_t, std::string> candidate_failures = {};
  /// Penn Treebank's tag of each word; empty where nobody tagged them.
  std::vector<std::string> tags = {};
};

/// What became of the words that a source was asked about; asked = answered + empty + invalid + refused.
struct Outcomes {
  std::int64_t asked = 0;
  std::int64_t answered = 0;  // at least one synonym
  std::int64_t empty = 0;     // none, and that is the answer
  std::int64_t invalid = 0;   // an answer that could not be understood
  std::int64_t refused = 0;   // no answer: the word could not be put to the source
  /// Words that were refused because a request to a server failed, or whose answer was invalid for a reason
  /// that is known, by the reason.
  std::map<std::string, std::int64_t> failures = {};

  Outcomes& operator+=(const Outcomes& other);
  bool operator==(const Outcomes&) const = default;
  /// Without "failures" when there are none.
  Json to_json() const;
  /// Throws InputError for anything that to_json() could not have written.
  static Outcomes from_json(const Json& json, std::string_view where);
};

class ConceptSource {
 public:
  virtual ~ConceptSource() = default;
  /// What the results depend on besides the drafts, for the dataset's card: hashes of files, templates.
  virtual Json made_from() const = 0;
  /// Fills in the synonyms of every word of the drafts, best first. The same drafts give the same synonyms,
  /// whatever was asked before. Throws Interrupted when asked to stop.
  virtual Outcomes fill(std::span<Draft> drafts, std::stop_token stop) const = 0;
};

}  // namespace conceptune::concepts
