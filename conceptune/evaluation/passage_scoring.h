// What a model makes of held-out passages, in one pass over them: the likelihood of every token, and the
// states of the words that vary a concept.
#pragma once

#include <span>
#include <stop_token>
#include <vector>

#include "conceptune/base/progress.h"
#include "conceptune/evaluation/concept_variations.h"
#include "conceptune/evaluation/prepared_passages.h"
#include "conceptune/results/next_token_measures.h"
#include "conceptune/runtime/model/decoder.h"

namespace conceptune::evaluation {

struct PassageResults {
  std::vector<PassageScores> scores;    // by passage
  std::vector<ConceptStates> concepts;  // by variation
};

/// Scores every token after the first. The output projection is applied in chunks of rows, so full logits
/// never exist. Likelihoods are rounded to six decimals: what is stored is what is averaged. A variation
/// costs its synonyms' tokens alone: each continues the passage's own tokens before the word, as attention is
/// causal and what follows cannot matter. `variations` are in the passages' order. Throws Interrupted on a
/// stop request.
PassageResults run_passages(const model::Decoder& decoder, const model::LoraAdapter* adapter,
                            const PreparedPassages& prepared, std::span<const ConceptVariation> variations,
                            int tokens_per_batch, ProgressObserver* observer, std::stop_token stop);

}  // namespace conceptune::evaluation
