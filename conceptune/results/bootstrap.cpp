#include "conceptune/results/bootstrap.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cassert>
#include <cmath>
#include <future>
#include <numeric>

#include "conceptune/base/random.h"

namespace conceptune::evaluation {
namespace {

std::vector<double> without_nan(const std::vector<double>& values) {
  std::vector<double> kept;
  std::copy_if(values.begin(), values.end(), std::back_inserter(kept),
               [](double v) { return !std::isnan(v); });
  return kept;
}

}  // namespace

std::vector<double> Replicates::column(std::size_t statistic) const {
  std::vector<double> values;
  for (std::size_t i = statistic; i < values_RM_.size(); i += statistics_) values.push_back(values_RM_[i]);
  return values;
}

std::vector<double> Replicates::difference(std::size_t a, std::size_t b) const {
  std::vector<double> values = column(a);
  const std::vector<double> subtracted = column(b);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] -= subtracted[i];
  return values;
}

Replicates bootstrap(std::size_t items, std::size_t statistics, const BootstrapOptions& options,
                     const ResampledStatistics& compute, int threads) {
  assert(items >= 1 && threads >= 1);
  const auto resamples = static_cast<std::size_t>(options.samples);
  Replicates replicates(resamples, statistics);
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    std::vector<std::uint32_t> indices(items);
    for (std::size_t r = next++; r < resamples; r = next++) {
      Random random(options.seed, fmt::format("resample {}", r));
      for (auto& index : indices) index = static_cast<std::uint32_t>(random.below(items));
      compute(indices, replicates.row(r));
    }
  };
  std::vector<std::future<void>> helpers;
  for (int i = 1; i < threads; ++i) helpers.push_back(std::async(std::launch::async, work));
  work();
  for (auto& helper : helpers) helper.get();
  return replicates;
}

double percentile(std::vector<double> values, double fraction) {
  assert(!values.empty());
  std::sort(values.begin(), values.end());
  const double position = fraction * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const double a = values[below];
  const double b = values[std::min(below + 1, values.size() - 1)];
  const double t = position - static_cast<double>(below);
  return t < 0.5 ? a + (b - a) * t : b - (b - a) * (1 - t);
}

std::optional<Interval> percentile_interval(const std::vector<double>& replicates, double confidence) {
  const std::vector<double> defined = without_nan(replicates);
  if (defined.empty() || (replicates.size() - defined.size()) * 20 > replicates.size()) return std::nullopt;
  const double tail = (1 - confidence) / 2;
  return Interval{percentile(defined, tail), percentile(defined, 1 - tail)};
}

std::optional<double> two_sided_p(const std::vector<double>& difference_replicates) {
  const std::vector<double> defined = without_nan(difference_replicates);
  if (defined.empty()) return std::nullopt;
  const auto at_most = std::count_if(defined.begin(), defined.end(), [](double d) { return d <= 0; });
  const auto at_least = std::count_if(defined.begin(), defined.end(), [](double d) { return d >= 0; });
  const double share =
      static_cast<double>(std::min(at_most, at_least) + 1) / static_cast<double>(defined.size() + 1);
  return std::min(1.0, 2 * share);
}

std::vector<double> holm_adjusted(const std::vector<double>& p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> adjusted(p_values.size());
  double largest = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    largest = std::max(largest, static_cast<double>(order.size() - i) * p_values[order[i]]);
    adjusted[order[i]] = std::min(1.0, largest);
  }
  return adjusted;
}

}  // namespace conceptune::evaluation
