// What a packed batch is to predict: for every row of hidden states its next token, for content words the
// concept too.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace conceptune::training {

/// The first token of a synonym, or its only one. The synonym's share of the set's mass is p(id), times the
/// probabilities of its further tokens where it has any.
struct ConceptToken {
  std::int32_t id;
  /// Its further tokens, as a range of Targets::further.
  std::size_t further_begin = 0, further_end = 0;
  /// The synonym's in the dataset; the word's own means nothing.
  double score = 1;
};

/// A further token of a synonym: `row` of the hidden states, behind the synonym's tokens before it, predicts
/// `id`.
struct FurtherToken {
  std::int64_t row;
  std::int32_t id;
};

/// One content word: `row` indexes Targets::rows; the set begins with the word itself unless the dataset's
/// concept sets exclude it; it is never empty, and no synonym in it begins with another.
struct ConceptTarget {
  std::int64_t row;
  std::vector<ConceptToken> tokens;
  /// What a loss that draws among the tokens draws with, uniform in [0, 1); none in evaluation.
  std::optional<double> draw = {};
};

struct Targets {
  /// Rows of the hidden states that predict a token, ascending, and what they predict; of equal length.
  std::vector<std::int64_t> rows;
  std::vector<std::int32_t> next_tokens;
  /// Content words in ascending order of `row`, at most one per row.
  std::vector<ConceptTarget> concepts;
  /// Each belongs to one ConceptToken, no row occurs twice, and none is among `rows`.
  std::vector<FurtherToken> further;
};

}  // namespace conceptune::training
