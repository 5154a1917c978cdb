// A passage's word replaced by each synonym of its concept, and the hidden states there (paper section 5.1).
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "conceptune/base/progress.h"
#include "conceptune/evaluation/geometry_measures.h"
#include "conceptune/evaluation/passage_scoring.h"

namespace conceptune::evaluation {

/// One content word of a passage with its synonyms.
struct ConceptVariation {
  std::string id;                            // of the passage
  std::vector<tokenizer::TokenId> prefix;    // all tokens before the word, at least one
  std::vector<tokenizer::TokenId> variants;  // the word, then its synonyms; at least two
};

/// Draws one of every passage's content words that have a prefix and a synonym of one token; passages without
/// such a word are left out. A passage's draw depends on `seed` and its id alone.
std::vector<ConceptVariation> draw_variations(const PreparedPassages& prepared, std::uint64_t seed);

/// The last layer's states at the variants. Attention is causal, so what follows the word cannot matter and
/// is not run; the prefix is run once for all variants. Throws Interrupted on a stop request.
std::vector<ConceptStates> concept_states(const model::Decoder& decoder, const model::LoraAdapter* adapter,
                                          const std::vector<ConceptVariation>& variations,
                                          int tokens_per_batch, ProgressObserver* observer,
                                          std::stop_token stop);

}  // namespace conceptune::evaluation
