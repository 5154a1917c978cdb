// One difference measured with several seeds: how far its mean would move had other seeds and items been
// drawn.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "conceptune/results/bootstrap.h"

namespace conceptune::evaluation {

/// A difference for each of K seeds: on all items, and on each of R resamples of the items, which all seeds
/// share.
struct SeedDifferences {
  std::vector<double> points_K;  // K >= 1
  std::vector<std::vector<double>> replicates_KR;

  double mean() const;
};

/// R replicates of the mean over the seeds, with seeds and items drawn anew; with one seed its own, in which
/// the variance of training is missing. Few seeds drawn with replacement would spread too little (half of the
/// intervals of two seeds would hold the truth), so each replicate moves by a draw from the t distribution of
/// the seeds' mean. What the seeds do not share of the items' spread is part of that already and is taken
/// out of the items' (the spread that they share is the covariance of their replicates). Draws come from
/// Random(seed, "seeds r"): differences of the same seeds move together. NaN replicates stay NaN.
std::vector<double> join_seeds(const SeedDifferences& differences, std::uint64_t seed);

/// Student's interval of the mean difference over seeds, on these very items; none for a single seed.
std::optional<Interval> t_interval(const std::vector<double>& points_K, double confidence);

}  // namespace conceptune::evaluation
