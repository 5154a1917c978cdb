// What a model makes of every token of held-out passages, in one pass over them.
#pragma once

#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "conceptune/base/progress.h"
#include "conceptune/concepts/dataset.h"
#include "conceptune/evaluation/next_token_measures.h"
#include "conceptune/evaluation/results.h"
#include "conceptune/runtime/model/decoder.h"
#include "conceptune/runtime/tokenizer/vocabulary.h"

namespace conceptune::evaluation {

/// Passages made ready for one model.
struct PreparedPassages {
  struct Word {
    std::uint32_t token;                          // index into ids
    std::vector<tokenizer::TokenId> concept_ids;  // different tokens, the word's own first
  };
  struct Passage {
    std::string id;
    std::vector<tokenizer::TokenId> ids;  // begin token included
    std::vector<Word> words;              // ascending by token
  };
  std::vector<Passage> passages;
  std::vector<Skip> skipped;  // passages of more tokens than the context holds, or without one to predict
};

/// Takes the first `limit` records (0 for all), with the begin token in front where there is one. A concept's
/// tokens are the word and its synonyms of one token each.
PreparedPassages prepare_passages(std::span<const concepts::ConceptRecord> records,
                                  std::optional<tokenizer::TokenId> begin_token, std::int64_t context_length,
                                  std::int64_t limit);

/// Scores every token after the first. The output projection is applied in chunks of rows, so full logits
/// never exist. Likelihoods are rounded to six decimals: what is stored is what is averaged. Throws
/// Interrupted on a stop request.
std::vector<PassageScores> score_passages(const model::Decoder& decoder, const model::LoraAdapter* adapter,
                                          const PreparedPassages& prepared, int tokens_per_batch,
                                          ProgressObserver* observer, std::stop_token stop);

}  // namespace conceptune::evaluation
