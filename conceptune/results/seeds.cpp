#include "conceptune/results/seeds.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "conceptune/base/random.h"
#include "conceptune/results/student_t.h"

namespace conceptune::evaluation {
namespace {

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Around the mean, of the values that are numbers.
double variance_of(const std::vector<double>& values) {
  double sum = 0, squares = 0, count = 0;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    sum += value;
    squares += value * value;
    ++count;
  }
  return count > 0 ? std::max(0.0, squares / count - (sum / count) * (sum / count)) : 0;
}

std::vector<double> mean_over_seeds(const std::vector<std::vector<double>>& replicates_KR) {
  std::vector<double> mean_R(replicates_KR.front().size());
  for (const auto& replicates : replicates_KR)
    for (std::size_t r = 0; r < mean_R.size(); ++r)
      mean_R[r] += replicates[r] / static_cast<double>(replicates_KR.size());
  return mean_R;
}

/// Which share of the mean's deviations on resampled items all seeds have in common.
double shared_share(const std::vector<std::vector<double>>& replicates_KR,
                    const std::vector<double>& mean_R) {
  const double of_mean = variance_of(mean_R);
  if (of_mean == 0) return 1;
  double of_one = 0;
  const auto seeds = static_cast<double>(replicates_KR.size());
  for (const auto& replicates : replicates_KR) of_one += variance_of(replicates) / seeds;
  const double covariance = (seeds * of_mean - of_one) / (seeds - 1);
  return std::sqrt(std::clamp(covariance / of_mean, 0.0, 1.0));
}

/// A draw of how far the mean of such seeds lies from the truth: t with K - 1 degrees of freedom, scaled by
/// the standard error of the mean.
double drawn_shift(const std::vector<double>& deviations_K, Random& random) {
  const auto seeds = static_cast<double>(deviations_K.size());
  double shift = 0, squares = 0;
  for (const double deviation : deviations_K) shift += random.normal() * deviation;
  for (std::size_t i = 1; i < deviations_K.size(); ++i) {
    const double draw = random.normal();
    squares += draw * draw;
  }
  return shift / std::sqrt(seeds * (seeds - 1)) / std::sqrt(squares / (seeds - 1));
}

}  // namespace

double SeedDifferences::mean() const { return mean_of(points_K); }

std::vector<double> join_seeds(const SeedDifferences& differences, std::uint64_t seed) {
  assert(!differences.points_K.empty() && differences.points_K.size() == differences.replicates_KR.size());
  if (differences.points_K.size() == 1) return differences.replicates_KR.front();
  const double mean = differences.mean();
  std::vector<double> deviations_K = differences.points_K;
  for (double& value : deviations_K) value -= mean;
  std::vector<double> joined_R = mean_over_seeds(differences.replicates_KR);
  const double share = shared_share(differences.replicates_KR, joined_R);
  for (std::size_t r = 0; r < joined_R.size(); ++r) {
    Random random(seed, fmt::format("seeds {}", r));
    joined_R[r] = mean + share * (joined_R[r] - mean) + drawn_shift(deviations_K, random);
  }
  return joined_R;
}

std::optional<Interval> t_interval(const std::vector<double>& points_K, double confidence) {
  if (points_K.size() < 2) return std::nullopt;
  const double mean = mean_of(points_K);
  const auto seeds = static_cast<double>(points_K.size());
  double squares = 0;
  for (const double point : points_K) squares += (point - mean) * (point - mean);
  const double half =
      student_t(confidence, static_cast<int>(points_K.size()) - 1) * std::sqrt(squares / (seeds - 1) / seeds);
  return Interval{mean - half, mean + half};
}

}  // namespace conceptune::evaluation
