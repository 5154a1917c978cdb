#include "conceptune/results/similarity_measures.h"

#include <array>
#include <cassert>
#include <limits>

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

}  // namespace

std::vector<Measurement> measure_similarity(const std::string& benchmark, const std::string& convention,
                                            const std::vector<double>& human_scores,
                                            const std::vector<SubjectCosines>& subjects,
                                            const ComparisonOptions& options) {
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
  table.compute = [&](std::span<const std::uint32_t> indices, std::span<double> values) {
    const std::vector<double> scores = values_at(human_scores, indices);
    std::size_t cell = 0;
    for (const auto& subject : subjects) {
      const std::vector<double> cosines = values_at(subject.cosines, indices);
      for (const auto& correlation : kCorrelations)
        values[cell++] =
            correlation.compute(scores, cosines).value.value_or(std::numeric_limits<double>::quiet_NaN());
    }
  };
  return measure(table, options);
}

}  // namespace conceptune::evaluation
