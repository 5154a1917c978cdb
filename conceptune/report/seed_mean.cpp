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
  SeedMean mean;
  mean.seeds = seeds.size();
  std::vector<double> values;
  for (const auto* measurement : seeds) {
    values.push_back(*measurement->value.value);
    mean.value += values.back() / static_cast<double>(seeds.size());
  }
  if (seeds.size() == 1) mean.interval = of_one;
  if (seeds.size() >= kFewestSeeds) mean.interval = evaluation::t_interval(values, kConfidence);
  return mean;
}

}  // namespace

SeedMean mean_over_seeds(const std::vector<const evaluation::Measurement*>& seeds) {
  return mean_of(seeds, seeds.front()->interval);
}

SeedMean mean_beside_base(const std::vector<const evaluation::Measurement*>& seeds) {
  return mean_of(seeds, beside_base(*seeds.front()));
}

}  // namespace conceptune::report
