// Metrics of several subjects on the same items, with intervals and paired differences from shared resamples.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "conceptune/results/bootstrap.h"
#include "conceptune/results/results.h"

namespace conceptune::evaluation {

/// Writes the `wanted` of a table's S x M values, taken over the items with the given indices (repeats
/// included), to their places in `values`, and may write the others; NaN where a value is undefined. Called
/// from several threads at once.
using TableStatistics = std::function<void(std::span<const std::uint32_t> indices,
                                           const std::vector<bool>& wanted, std::span<double> values)>;

/// S subjects, M metrics, and how to compute their values on any items. Values stand subject by subject:
/// metric m of subject s at [s * M + m]. A table owns what it is computed from.
struct MetricTable {
  std::string benchmark;
  std::string convention;
  std::string unit;       // what n counts
  std::string resampled;  // what the items are
  std::int64_t n = 0;
  std::size_t items = 0;  // that are resampled, at least 1
  std::vector<std::string> subjects;
  std::vector<std::string> metrics;
  std::vector<Statistic> points;  // on all items
  TableStatistics compute;
};

/// Whether one of `count` values from `first` on is wanted.
bool any_wanted(const std::vector<bool>& wanted, std::size_t first, std::size_t count);

/// How intervals are taken and to whom subjects are compared.
struct ComparisonOptions {
  BootstrapOptions bootstrap;
  std::vector<std::string> references = {std::string(kBase)};  // names of subjects; unknown ones are ignored
  int threads = 1;                                             // at least 1; the results do not depend on it
};

/// One measurement a subject and metric, in the table's order, with its interval and its comparisons to every
/// reference but itself. Where a point is undefined there is neither interval nor comparison.
std::vector<Measurement> measure(const MetricTable& table, const ComparisonOptions& options);

/// Adds the comparisons of `table` to measurements that measure() gave for the same subjects and metrics,
/// e.g. with passages resampled where the first table resampled tokens.
void add_comparisons(std::vector<Measurement>& measurements, const MetricTable& table,
                     const ComparisonOptions& options);

}  // namespace conceptune::evaluation
