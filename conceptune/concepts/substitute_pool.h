// The words that may stand in a content word's place, before a model has judged them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "conceptune/concepts/concept_source.h"
#include "conceptune/concepts/inflection.h"
#include "conceptune/concepts/wordnet_neighbours.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"

namespace conceptune::concepts {

struct PoolWord {
  std::string text;               // in the content word's form
  std::vector<std::int32_t> ids;  // of " text"
  int steps = 0;  // in WordNet, from the nearest sense of the content word; kUnrelated for none
  int sense = 0;  // which sense that is, 0 for the most frequent; 0 where there is none

  bool operator==(const PoolWord&) const = default;
};

/// Steps of a word that only the model proposes: one more than WordNet's relations reach by default and by
/// two.
inline constexpr int kUnrelated = 3;

/// WordNet's words in its order (WordNetNeighbours), inflected as the content word is, then the candidates
/// that have its part of speech in WordNet, in the model's order and in the form that they have; no
/// inflection of the word itself, none twice, `most` at most. `near` is of the word.
std::vector<PoolWord> substitute_pool(const ConceptWord& word, WordForm form, const Candidates& candidates,
                                      const WordNetNeighbours& near, const WordNet& wordnet,
                                      const tokenizer::Tokenizer& tokenizer, std::size_t most);

}  // namespace conceptune::concepts
