// The bootstrap: how far a number would move had other items been drawn (Efron and Tibshirani 1993).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "conceptune/options/option_fields.h"

namespace conceptune::evaluation {

struct BootstrapOptions {
  int samples = 1000;
  double confidence = 0.95;
  std::uint64_t seed = 42;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("samples", samples, "Resamples drawn for an interval (the paper: 1000)", between(1, 1e6));
    visit("confidence", confidence, "Probability that an interval should cover", between(0.5, 0.9999));
    visit("seed", seed, "Seed of the resamples");
  }
};

/// Both ends of a confidence interval.
struct Interval {
  double low;
  double high;
  bool operator==(const Interval&) const = default;
};

/// Values of M statistics on R resamples of the same items.
class Replicates {
 public:
  Replicates(std::size_t resamples, std::size_t statistics)
      : statistics_(statistics), values_RM_(resamples * statistics) {}

  std::span<double> row(std::size_t resample) {
    return std::span(values_RM_).subspan(resample * statistics_, statistics_);
  }
  /// All values of one statistic, in the order of the resamples.
  std::vector<double> column(std::size_t statistic) const;
  /// Column a minus column b: the paired difference, both seen on the same resamples.
  std::vector<double> difference(std::size_t a, std::size_t b) const;

 private:
  std::size_t statistics_;
  std::vector<double> values_RM_;
};

/// Writes the statistics of the items with the given indices (repeats included) to `values`; NaN where a
/// statistic is undefined on them. Called from several threads at once.
using ResampledStatistics =
    std::function<void(std::span<const std::uint32_t> indices, std::span<double> values)>;

/// Computes `statistics` values on each of options.samples resamples of `items` items (drawn with
/// replacement). Resample r has a generator of its own, Random(seed, "resample r"), so the result does not
/// depend on `threads` (at least 1). items >= 1.
Replicates bootstrap(std::size_t items, std::size_t statistics, const BootstrapOptions& options,
                     const ResampledStatistics& compute, int threads);

/// Percentile with linear interpolation between order statistics (numpy's default). `values` is not empty,
/// 0 <= fraction <= 1.
double percentile(std::vector<double> values, double fraction);

/// The percentile interval of replicates. None when more than one in twenty is NaN: the statistic is then
/// undefined too often for the rest to stand for it.
std::optional<Interval> percentile_interval(const std::vector<double>& replicates, double confidence);

/// Two-sided bootstrap p-value of "the difference is 0": twice the smaller share of replicates at or beyond 0
/// on either side, one added to counts and total so that it is never 0 (Davison and Hinkley 1997,
/// section 4.2.5). NaN replicates are left out; none when all are.
std::optional<double> two_sided_p(const std::vector<double>& difference_replicates);

/// Holm's step-down adjustment (Holm 1979): adjusted p-values in the order given, each at most 1.
std::vector<double> holm_adjusted(const std::vector<double>& p_values);

}  // namespace conceptune::evaluation
