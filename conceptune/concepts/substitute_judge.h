// Pools of words judged by a model in the places that they may take: all by a first look that the text has no
// part in, then the best in the text.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "conceptune/concepts/substitute_facts.h"
#include "conceptune/concepts/substitute_pool.h"
#include "conceptune/runtime/generation/language_model.h"

namespace conceptune::concepts {

struct JudgedWord {
  PoolWord word;
  SubstituteFacts facts;
};

/// A content word of a passage, whose pool is to be judged.
struct JudgedPlace {
  std::size_t passage;                  // which of the passages
  std::int32_t position;                // of its token among the passage's, at least 1
  std::string text;                     // of the word
  std::vector<std::int32_t> own;        // its token
  std::vector<std::int32_t> following;  // the tokens behind it by which words are judged
  std::vector<JudgedWord> pool;         // not empty
  std::size_t longest_word() const;     // tokens of the longest word in the place
};

/// Leaves in each place's pool the `shortlist` words (at least 1) that first_look() finds best, all facts of
/// them filled in. `passages` begin with the begin token; each place's longest word with what follows is
/// within the model's context. What places share is run once. Throws Interrupted when asked to stop.
void judge_places(const generation::LanguageModel& model, std::span<const std::vector<std::int32_t>> passages,
                  std::span<JudgedPlace> places, std::size_t shortlist, const std::stop_token& stop);

}  // namespace conceptune::concepts
