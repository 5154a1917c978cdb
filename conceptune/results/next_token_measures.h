// From the scores of single tokens to perplexities and accuracies (paper sections 4.2 and 4.3, appendix C).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "conceptune/results/metric_table.h"

namespace conceptune::evaluation {

/// A content word among the predicted tokens of a passage.
struct ContentScore {
  std::uint32_t token = 0;    // index into PassageScores::nll
  bool has_synonyms = false;  // whether its concept set holds more than the word itself
  double concept_nll = 0;     // -log of the set's probability mass; of the word's own where it is alone
  bool operator==(const ContentScore&) const = default;
};

/// What a model makes of one passage: one entry for every token that it predicts.
struct PassageScores {
  std::string id;
  std::vector<double> nll;            // -log p(token), natural logarithm
  std::vector<std::uint8_t> correct;  // 1 where the token is the most probable (the smaller id on ties)
  std::vector<ContentScore> content;  // ascending by token
  bool operator==(const PassageScores&) const = default;
};

/// One model's scores on a passage set. The subjects of one measurement have the same passages and words.
struct SubjectScores {
  std::string subject;
  std::vector<PassageScores> passages;
};

/// Tables over passages, whose tokens are not independent: content_nll, content_perplexity and
/// content_accuracy over content words; global_nll, global_perplexity and global_accuracy over all predicted
/// tokens; concept_mass, concept_nll and concept_perplexity over content words with synonyms. Without a token
/// to measure a metric is undefined.
std::vector<MetricTable> next_token_tables(const std::string& benchmark,
                                           const std::vector<SubjectScores>& subjects);

/// measure() of these tables of the subjects; comparisons are given with passages and, as in the paper, with
/// single tokens resampled. The latter are too narrow: tokens of a passage hang together.
std::vector<Measurement> measure_next_token(const std::vector<MetricTable>& tables,
                                            const std::vector<SubjectScores>& subjects,
                                            const ComparisonOptions& options);
/// The same with the tables made for it.
std::vector<Measurement> measure_next_token(const std::string& benchmark,
                                            const std::vector<SubjectScores>& subjects,
                                            const ComparisonOptions& options);

}  // namespace conceptune::evaluation
