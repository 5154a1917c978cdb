// What is known of a word that may stand in a content word's place, and how it is weighed.
#pragma once

#include <utility>
#include <vector>

#include "conceptune/options/option_fields.h"

namespace conceptune::concepts {

/// What a pool is ordered by; see substitute_score().
enum class SubstituteOrder { fitted, continuation, likeness };

}  // namespace conceptune::concepts

template <>
inline constexpr std::pair<const char*, conceptune::concepts::SubstituteOrder>
    conceptune::enum_names<conceptune::concepts::SubstituteOrder>[] = {
        {"fitted", conceptune::concepts::SubstituteOrder::fitted},
        {"continuation", conceptune::concepts::SubstituteOrder::continuation},
        {"likeness", conceptune::concepts::SubstituteOrder::likeness}};

namespace conceptune::concepts {

/// What is known of a word of the pool in its place. Differences are to the content word itself.
struct SubstituteFacts {
  int steps = 0, sense = 0;       // PoolWord's
  int tokens = 1;                 // of the word
  double first_association = 0;   // log p of its first token behind 'Synonyms of "WORD": WORD,'
  double word = 0;                // log p behind what precedes, less the content word's
  std::vector<double> following;  // log p of each token that follows, less what it is behind the content word
  double likeness = 1;            // cosine of the final states at the word
  double association = 0;         // log p behind 'Synonyms of "WORD": WORD,'
};

/// What is known before a word is run in the text, weighed: higher is better. A logistic model that
/// bench/studies/fit_substitutes.py fitted to SWORDS dev.
double first_look(const SubstituteFacts& facts);

/// By order: the probability that a tenth of people accept the word, by a logistic model of the same script;
/// `word` + `following`; or `likeness`.
double substitute_score(const SubstituteFacts& facts, SubstituteOrder order);

}  // namespace conceptune::concepts
