// What a packed batch is to predict: for every row of hidden states its next token, for content words the
// concept too.
#pragma once

#include <cstdint>
#include <vector>

namespace conceptune::training {

/// A token of a concept set. Its share of the set's mass is factor · p(id): the factor is 1 for a synonym of
/// one token; for a longer one it is the probability of its further tokens given the first.
struct ConceptToken {
  std::int32_t id;
  double factor = 1;
};

/// One content word: `row` indexes Targets::rows; the set holds the word itself too unless the dataset's
/// concept sets exclude it; it is never empty, and no id occurs in it twice with factor 1.
struct ConceptTarget {
  std::int64_t row;
  std::vector<ConceptToken> tokens;
};

struct Targets {
  /// Rows of the hidden states that predict a token, ascending, and what they predict; of equal length.
  std::vector<std::int64_t> rows;
  std::vector<std::int32_t> next_tokens;
  /// Content words in ascending order of `row`, at most one per row.
  std::vector<ConceptTarget> concepts;
};

}  // namespace conceptune::training
