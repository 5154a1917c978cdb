#include "conceptune/results/metric_table.h"

#include <algorithm>
#include <cassert>

namespace conceptune::evaluation {
namespace {

Replicates replicates_of(const MetricTable& table, const ComparisonOptions& options) {
  const std::vector<bool> all(table.points.size(), true);
  return bootstrap(
      table.items, table.points.size(), options.bootstrap,
      [&](std::span<const std::uint32_t> indices, std::span<double> values) {
        table.compute(indices, all, values);
      },
      options.threads);
}

Comparison compare(const MetricTable& table, const Replicates& replicates, std::size_t cell,
                   std::size_t reference_cell, double confidence) {
  const auto differences = replicates.difference(cell, reference_cell);
  return {.reference = table.subjects[reference_cell / table.metrics.size()],
          .unit = table.resampled,
          .difference = *table.points[cell].value - *table.points[reference_cell].value,
          .interval = percentile_interval(differences, confidence),
          .p = two_sided_p(differences)};
}

void compare_to_references(std::vector<Measurement>& measurements, const MetricTable& table,
                           const Replicates& replicates, const ComparisonOptions& options) {
  const std::size_t metrics = table.metrics.size();
  for (std::size_t cell = 0; cell < measurements.size(); ++cell)
    for (std::size_t subject = 0; subject < table.subjects.size(); ++subject) {
      const std::size_t reference_cell = subject * metrics + cell % metrics;
      const bool is_reference =
          std::count(options.references.begin(), options.references.end(), table.subjects[subject]) > 0;
      if (is_reference && reference_cell != cell && table.points[cell].value &&
          table.points[reference_cell].value)
        measurements[cell].comparisons.push_back(
            compare(table, replicates, cell, reference_cell, options.bootstrap.confidence));
    }
}

}  // namespace

bool any_wanted(const std::vector<bool>& wanted, std::size_t first, std::size_t count) {
  for (std::size_t i = first; i < first + count; ++i)
    if (wanted[i]) return true;
  return false;
}

std::vector<Measurement> measure(const MetricTable& table, const ComparisonOptions& options) {
  assert(table.points.size() == table.subjects.size() * table.metrics.size());
  const Replicates replicates = replicates_of(table, options);
  std::vector<Measurement> measurements;
  for (std::size_t cell = 0; cell < table.points.size(); ++cell) {
    Measurement measurement{.subject = table.subjects[cell / table.metrics.size()],
                            .benchmark = table.benchmark,
                            .metric = table.metrics[cell % table.metrics.size()],
                            .convention = table.convention,
                            .value = table.points[cell],
                            .interval = std::nullopt,
                            .n = table.n,
                            .unit = table.unit,
                            .resampled = table.resampled,
                            .comparisons = {}};
    if (measurement.value.value)
      measurement.interval = percentile_interval(replicates.column(cell), options.bootstrap.confidence);
    measurements.push_back(std::move(measurement));
  }
  compare_to_references(measurements, table, replicates, options);
  return measurements;
}

void add_comparisons(std::vector<Measurement>& measurements, const MetricTable& table,
                     const ComparisonOptions& options) {
  assert(measurements.size() == table.points.size());
  compare_to_references(measurements, table, replicates_of(table, options), options);
}

}  // namespace conceptune::evaluation
