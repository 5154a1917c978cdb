// From the cosines of text pairs to correlations with human judgement (paper section 4.1).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "conceptune/results/metric_table.h"

namespace conceptune::evaluation {

/// The cosines that one model gives to the pairs of a benchmark, in the benchmark's order.
struct SubjectCosines {
  std::string subject;
  std::vector<double> cosines;
};

/// Spearman, Pearson and Kendall of every subject's cosines with the human scores, over pairs. All sequences
/// have one length, at least 1.
MetricTable similarity_table(const std::string& benchmark, const std::string& convention,
                             std::vector<double> human_scores, std::vector<SubjectCosines> subjects);

}  // namespace conceptune::evaluation
