// What a model makes of texts that go on in several ways: how probable each is, and how alike its states are.
//
// Shapes: E endings, D width.
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
  std::int32_t text = 0;                // which of the texts
  bool wants_state = false;             // whether its likeness is asked
};

struct EndingScore {
  double word = 0;                // log p of the word's tokens behind what precedes them
  std::vector<double> following;  // log p of each of the following ones behind all before it
};

struct ScoredEndings {
  std::vector<EndingScore> scores;  // of each ending
  model::Matrix states_ED;          // at the last token of the words whose state is wanted

  /// Cosine of the states of two endings that want them.
  double likeness(std::size_t a, std::size_t b) const {
    return cosine(states_ED.row(static_cast<std::int64_t>(a)), states_ED.row(static_cast<std::int64_t>(b)),
                  states_ED.width());
  }
};

/// Runs no token that nothing asks of: not the last one where its state is not wanted, none of an ending that
/// is the text's own, and none twice of equal endings.
ScoredEndings score_endings(SharedTexts& texts, std::span<const Ending> endings);

}  // namespace conceptune::concepts
