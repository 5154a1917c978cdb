#include "conceptune/results/similarity_measures.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>
#include <optional>

namespace conceptune::evaluation {
namespace {

struct NamedCorrelation {
  const char* metric;
  Statistic (*compute)(std::span<const double>, std::span<const double>);
};

constexpr std::array kCorrelations = {NamedCorrelation{"spearman", spearman},
                                      NamedCorrelation{"pearson", pearson},
                                      NamedCorrelation{"kendall", kendall}};

std::vector<double> values_at(const std::vector<double>& values, std::span<const std::uint32_t> indices) {
  std::vector<double> chosen(indices.size());
  for (std::size_t i = 0; i < indices.size(); ++i) chosen[i] = values[indices[i]];
  return chosen;
}

/// Correlations on resamples: Spearman's by ranks that are sorted once, the others as they stand.
class ResampledCosines {
 public:
  ResampledCosines(std::vector<double> human_scores, std::vector<SubjectCosines> subjects)
      : scores_(std::move(human_scores)), subjects_(std::move(subjects)) {
    for (const auto& subject : subjects_) {
      const bool defined = spearman(scores_, subject.cosines).value.has_value();
      ranked_.push_back(defined ? std::optional<RankedSample>(subject.cosines) : std::nullopt);
    }
    if (std::ranges::all_of(scores_, [](double score) { return std::isfinite(score); }))
      ranked_scores_.emplace(scores_);
  }

  void compute(std::span<const std::uint32_t> indices, const std::vector<bool>& wanted,
               std::span<double> values) const {
    std::vector<std::uint32_t> times(scores_.size());
    for (const auto index : indices) ++times[index];
    const std::vector<double> scores = values_at(scores_, indices);
    const auto score_ranks = ranked_scores_ ? ranked_scores_->ranks(times) : std::vector<double>();
    for (std::size_t cell = 0; cell < values.size(); ++cell) {
      if (!wanted[cell]) continue;
      const std::size_t subject = cell / kCorrelations.size();
      const auto& correlation = kCorrelations[cell % kCorrelations.size()];
      if (correlation.compute == spearman)
        values[cell] = ranked_[subject]
                           ? spearman_of_ranks(score_ranks, ranked_[subject]->ranks(times), times)
                           : kUndefined;
      else
        values[cell] = correlation.compute(scores, values_at(subjects_[subject].cosines, indices))
                           .value.value_or(kUndefined);
    }
  }

 private:
  static constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

  std::vector<double> scores_;
  std::vector<SubjectCosines> subjects_;
  std::optional<RankedSample> ranked_scores_;
  std::vector<std::optional<RankedSample>>
      ranked_;  // by subject; nothing where the rank correlation is undefined
};

}  // namespace

MetricTable similarity_table(const std::string& benchmark, const std::string& convention,
                             std::vector<double> human_scores, std::vector<SubjectCosines> subjects) {
  MetricTable table{.benchmark = benchmark,
                    .convention = convention,
                    .unit = "pairs",
                    .resampled = "pairs",
                    .n = static_cast<std::int64_t>(human_scores.size()),
                    .items = human_scores.size(),
                    .subjects = {},
                    .metrics = {},
                    .points = {},
                    .compute = {}};
  for (const auto& correlation : kCorrelations) table.metrics.emplace_back(correlation.metric);
  for (const auto& subject : subjects) {
    assert(subject.cosines.size() == human_scores.size());
    table.subjects.push_back(subject.subject);
    for (const auto& correlation : kCorrelations)
      table.points.push_back(correlation.compute(human_scores, subject.cosines));
  }
  table.compute = [resampled = ResampledCosines(std::move(human_scores), std::move(subjects))](
                      std::span<const std::uint32_t> indices, const std::vector<bool>& wanted,
                      std::span<double> values) { resampled.compute(indices, wanted, values); };
  return table;
}

}  // namespace conceptune::evaluation
