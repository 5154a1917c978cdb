// A passage's word replaced by each synonym of its concept, and the hidden states there (paper section 5.1).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "conceptune/evaluation/prepared_passages.h"
#include "conceptune/results/geometry_measures.h"
#include "conceptune/runtime/matrices/matrix.h"

namespace conceptune::evaluation {

/// One content word of a passage with its synonyms.
struct ConceptVariation {
  std::size_t passage;                       // its number
  std::uint32_t token;                       // of the passage, at least 1
  std::vector<tokenizer::TokenId> variants;  // the word, then its synonyms; at least two
};

/// Draws one of every passage's content words that have a synonym of one token; passages without such a word
/// are left out. A passage's draw depends on `seed` and its id alone.
std::vector<ConceptVariation> draw_variations(const PreparedPassages& prepared, std::uint64_t seed);

/// Of the last layer's states at a concept's words (W words, D width).
ConceptStates concept_states(const std::string& id, const model::Matrix& states_WD);

}  // namespace conceptune::evaluation
