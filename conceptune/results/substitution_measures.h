// How well proposed substitutes agree with those that people accepted: the measures of SWORDS (Lee et al.,
// NAACL 2021), as that benchmark's own scorer computes them from lemmas.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "conceptune/base/json.h"
#include "conceptune/results/bootstrap.h"

namespace conceptune::evaluation {

/// A substitute that people judged, as a lemma.
struct SubstituteVotes {
  std::string lemma;
  std::int64_t accepted = 0;
  std::int64_t judged = 0;  // at least 1
};

/// What one target adds to the sums that precision and recall are made of.
struct Hits {
  std::int64_t right = 0;     // proposed and wanted, of the first k
  std::int64_t proposed = 0;  // at most k
  std::int64_t wanted = 0;    // at most k

  Hits& operator+=(const Hits& other);
  bool operator==(const Hits&) const = default;
  double precision() const {
    return proposed ? static_cast<double>(right) / static_cast<double>(proposed) : 0;
  }
  double recall() const { return wanted ? static_cast<double>(right) / static_cast<double>(wanted) : 0; }
  /// Harmonic mean of both; 0 where either is.
  double f() const;
};

/// Which substitutes are wanted (acceptable: more than half of the judges; conceivable: at least a tenth),
/// and whether proposals that nobody judged count as wrong (strict) or not at all (lenient).
enum class SubstitutionMeasure {
  strict_acceptable,
  lenient_acceptable,
  strict_conceivable,
  lenient_conceivable
};

inline constexpr std::array<const char*, 4> kSubstitutionMeasures = {
    "strict_acceptable", "lenient_acceptable", "strict_conceivable", "lenient_conceivable"};

struct TargetScores {
  std::array<Hits, kSubstitutionMeasures.size()> hits;
  /// Generalised average precision of the proposals' order (Kishida 2005; Thater et al. 2010) with the number
  /// of judges who accept as gain; nothing where nobody accepts anything.
  std::optional<double> gap;
};

/// `judged` and `proposed`, best first, have each lemma once. k >= 1.
TargetScores score_target(const std::vector<SubstituteVotes>& judged,
                          const std::vector<std::string>& proposed, std::size_t k);

/// A figure in percent with its interval.
struct Figure {
  double value = 0;
  std::optional<Interval> interval;

  /// " 14.4 [12.9, 15.8]".
  std::string text() const;
};

struct PooledMeasure {
  Figure f, precision, recall;

  Json to_json() const;
};

struct SubstitutionScores {
  std::array<PooledMeasure, kSubstitutionMeasures.size()> measures;
  Figure gap;  // mean over the targets that have one

  Json to_json() const;
};

/// F, precision and recall of the sums over items, with intervals over the items. Throws InputError without
/// any.
PooledMeasure pool_hits(std::span<const Hits> items, const BootstrapOptions& options, int threads);

/// Sums over targets, and what becomes of them when others are drawn. Throws InputError without targets.
SubstitutionScores pool(std::span<const TargetScores> targets, const BootstrapOptions& options, int threads);

}  // namespace conceptune::evaluation
