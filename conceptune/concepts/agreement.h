// How far people agree on the concept sets that they judged.
//
// Alpha's unit is one candidate of one occurrence of a word; its values are accepted and rejected, one for
// each person who decided. Words that people added are no units: nobody asked the others about them. F
// compares whole sets, additions included.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "conceptune/base/json.h"
#include "conceptune/concepts/judgements.h"

namespace conceptune::concepts {

/// What people said of one unit, by the person's index; nothing where one did not decide.
using Unit = std::vector<std::optional<bool>>;

/// Krippendorff's alpha for nominal data (K. Krippendorff, "Computing Krippendorff's Alpha-Reliability",
/// 2011, section D): 1 − (n − 1) · Σ o_ck / Σ n_c n_k over c ≠ k. A unit with m ≥ 2 values adds its ordered
/// pairs of values to the coincidences o, each as 1/(m − 1); n_c sums o's row c, n all. Nothing where no unit
/// has two values, or where all values are the same and chance agreement is complete.
std::optional<double> krippendorff_alpha(std::span<const Unit> units);

/// Two people on the sets that both judged.
struct PairAgreement {
  std::size_t first = 0, second = 0;  // people
  std::int64_t sets = 0;
  std::int64_t units = 0;   // that both decided
  std::int64_t agreed = 0;  // of these
  /// 2 · common / (first's + second's), over the words that each has in these sets, accepted or added,
  /// without candidates that one of them did not decide; nothing where there are none.
  std::optional<double> f;
};

struct Dispute {
  std::size_t set = 0;  // in Judgements::sets
  /// Over the set's units, the sum of the share of pairs of people who differ.
  double amount = 0;
};

struct Agreement {
  std::int64_t sets = 0;
  std::int64_t sets_of_several = 0;  // judged by two people or more
  std::int64_t units = 0;
  std::int64_t units_of_several = 0;
  std::optional<double> alpha;
  std::vector<PairAgreement> pairs;
  std::vector<Dispute> disputes;  // the largest first, without sets that nobody disputes
};

Agreement agreement_of(const Judgements& judgements);

/// With the `disputes` largest disputes, each with what everyone said.
Json to_json(const Agreement& agreement, const Judgements& judgements, std::size_t disputes);

}  // namespace conceptune::concepts
