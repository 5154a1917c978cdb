#include "conceptune/report/seed_mean.h"

#include "conceptune/report/result_tables.h"
#include "conceptune/results/seeds.h"

namespace conceptune::report {
namespace {

constexpr double kConfidence = 0.95;

std::optional<evaluation::Interval> beside_base(const evaluation::Measurement& measurement) {
  const auto* comparison = comparison_with_base(measurement);
  if (!comparison || !comparison->interval) return std::nullopt;
  const double base = *measurement.value.value - comparison->difference;
  return evaluation::Interval{base + comparison->interval->low, base + comparison->interval->high};
}

SeedMean mean_of(const std::vector<const evaluation::Measurement*>& seeds,
                 const std::optional<evaluation::Interval>& of_one) {
  std::vector<double> values;
  values.reserve(seeds.size());
  for (const auto* measurement : seeds) values.push_back(*measurement->value.value);
  SeedMean mean = mean_of_values(values);
  if (seeds.size() == 1) mean.interval = of_one;
  return mean;
}

}  // namespace

SeedMean mean_of_values(const std::vector<double>& values) {
  SeedMean mean;
  mean.seeds = values.size();
  for (const double value : values) mean.value += value / static_cast<double>(values.size());
  if (values.size() >= kFewestSeeds) mean.interval = evaluation::t_interval(values, kConfidence);
  return mean;
}

SeedMean mean_over_seeds(const std::vector<const evaluation::Measurement*>& seeds) {
  return mean_of(seeds, seeds.front()->interval);
}

SeedMean mean_beside_base(const std::vector<const evaluation::Measurement*>& seeds) {
  return mean_of(seeds, beside_base(*seeds.front()));
}

PlotPoint point_of(double x, const SeedMean& mean) {
  PlotPoint point{x, mean.value, {}, {}};
  if (mean.interval) {
    point.low = mean.interval->low;
    point.high = mean.interval->high;
  }
  return point;
}

}  // namespace conceptune::report
