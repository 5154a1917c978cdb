// Measurements that differ in their seed alone, as one number.
#pragma once

#include <optional>
#include <vector>

#include "conceptune/report/plot.h"
#include "conceptune/results/results.h"

namespace conceptune::report {

/// Fewer seeds give a mean without interval: that of two would tell hardly more than that they are two.
inline constexpr std::size_t kFewestSeeds = 3;

struct SeedMean {
  double value = 0;
  std::optional<evaluation::Interval> interval;
  std::size_t seeds = 0;
};

/// The mean of at least one value; of kFewestSeeds and more with Student's interval, of other seeds.
SeedMean mean_of_values(const std::vector<double>& values);

/// The mean, at least one value, all defined. Its interval: of one seed its own, of other items; of
/// kFewestSeeds and more Student's, of other seeds.
SeedMean mean_over_seeds(const std::vector<const evaluation::Measurement*>& seeds);

/// The same; the interval of one seed is the paired one of its difference to the base, put around the base's
/// value, which is narrower and fit to be compared with the base.
SeedMean mean_beside_base(const std::vector<const evaluation::Measurement*>& seeds);

/// Where a mean stands in a plot, with its interval.
PlotPoint point_of(double x, const SeedMean& mean);

}  // namespace conceptune::report
