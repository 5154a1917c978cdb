// One table of several people's judgements, by majority.
#pragma once

#include <cstdint>

#include "conceptune/base/json.h"
#include "conceptune/concepts/concept_table.h"
#include "conceptune/concepts/judgements.h"

namespace conceptune::concepts {

struct Adjudication {
  ConceptTable table;  // a row a set, with the names of all who judged it; the file source reads it
  std::int64_t accepted = 0, rejected = 0;  // candidates
  std::int64_t ties = 0;                    // of the rejected
  std::int64_t added = 0;                   // words that people added and that stay
  std::int64_t too_few = 0;                 // those that too few added

  Json to_json() const;
};

/// A candidate is accepted where more of those who decided accept it than reject it. A tie rejects: a word
/// that half of the people refuse would teach a model something wrong, one that is missing costs little. A
/// word that people added stays where more than half of those who judged the set added it, or, with
/// `keep_added`, always. Synonyms stand in the order of their votes, those of equally many in the order of
/// the sets' first mention.
Adjudication adjudicate(const Judgements& judgements, bool keep_added);

}  // namespace conceptune::concepts
