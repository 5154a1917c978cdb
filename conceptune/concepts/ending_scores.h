// What a model makes of texts that go on in several ways: how probable each is, and how alike its states are.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "conceptune/concepts/substitution.h"

namespace conceptune::concepts {

/// A word behind the first tokens of a text, and what is to follow it.
struct Ending {
  std::int32_t position;                // of the word's first token, at least 1
  std::vector<std::int32_t> word;       // at least one token
  std::vector<std::int32_t> following;  // may be empty
};

struct EndingScore {
  double word = 0;       // log p of the word's tokens behind what precedes them
  double following = 0;  // log p of the following ones behind both
};

struct ScoredEndings {
  std::vector<EndingScore> scores;  // of each ending
  SubstitutedStates states;

  /// Cosine of two endings' states at the last token of their words.
  double likeness(std::span<const Ending> endings, std::size_t a, std::size_t b) const;
  /// The mean of it over the first `most` tokens that follow both; 1 where none does.
  double likeness_after(std::span<const Ending> endings, std::size_t a, std::size_t b,
                        std::size_t most) const;
};

/// `endings` ascend by position; `ids`, before each position, is within the model's context with the ending.
ScoredEndings score_endings(const model::Decoder& decoder, std::span<const std::int32_t> ids,
                            std::span<const Ending> endings);

}  // namespace conceptune::concepts
