// Rank and linear correlation of two samples, as scipy.stats computes them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace conceptune::evaluation {

/// A statistic, or why its sample does not define one.
struct Statistic {
  std::optional<double> value;
  std::string undefined_because;  // empty when there is a value

  static Statistic of(double value) { return {value, {}}; }
  static Statistic undefined(std::string reason) { return {std::nullopt, std::move(reason)}; }
};

/// Ranks from 1; equal values share the mean of their ranks. Values must be finite.
std::vector<double> average_ranks(std::span<const double> values);

/// The correlations below lie in [-1, 1]. They are undefined for fewer than two pairs, for a sample whose
/// values are all equal, and for values that are not finite. Both samples must have one size.

/// Pearson's product-moment correlation.
Statistic pearson(std::span<const double> x, std::span<const double> y);

/// Spearman's rank correlation: Pearson's of the average ranks.
Statistic spearman(std::span<const double> x, std::span<const double> y);

/// A sample made ready for the rank correlations of many resamples of its items.
class RankedSample {
 public:
  /// Values must be finite.
  explicit RankedSample(std::span<const double> values);

  /// The rank of every item where item i occurs times_N[i] times; copies share the mean of their ranks.
  std::vector<double> ranks(std::span<const std::uint32_t> times_N) const;

 private:
  std::vector<std::uint32_t> order_N_;   // items by value
  std::vector<std::size_t> group_ends_;  // in order_N_, of items with equal values
};

/// spearman() of the samples that the ranks are of, items as often as times_N says; NaN where it is
/// undefined.
double spearman_of_ranks(std::span<const double> x_ranks_N, std::span<const double> y_ranks_N,
                         std::span<const std::uint32_t> times_N);

/// Kendall's tau-b, corrected for ties (Kendall 1945), in O(n log n) (Knight 1966).
Statistic kendall(std::span<const double> x, std::span<const double> y);

}  // namespace conceptune::evaluation
