// Held-out passages made ready to be run.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "conceptune/concepts/dataset.h"
#include "conceptune/results/results.h"
#include "conceptune/runtime/tokenizer/vocabulary.h"

namespace conceptune::evaluation {

/// Passages made ready for one model.
struct PreparedPassages {
  struct Word {
    std::uint32_t token;                          // index into ids
    std::vector<tokenizer::TokenId> concept_ids;  // different tokens, the word's own first
    std::string text = {};                        // as it stands in the passage
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

}  // namespace conceptune::evaluation
