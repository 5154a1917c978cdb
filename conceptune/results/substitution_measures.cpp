#include "conceptune/results/substitution_measures.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <unordered_map>

#include "conceptune/base/error.h"

namespace conceptune::evaluation {
namespace {

constexpr std::size_t kMeasures = kSubstitutionMeasures.size();
constexpr std::size_t kFigures = 3 * kMeasures + 1;  // F, precision and recall of each, then GAP
constexpr double kPercent = 100;
// The benchmark's scorer compares ratios with these.
constexpr double kAcceptable = 0.5 + 1e-4;
constexpr double kConceivable = 0.1;

bool is_lenient(std::size_t measure) { return measure % 2 == 1; }

double ratio(const SubstituteVotes& votes) {
  return static_cast<double>(votes.accepted) / static_cast<double>(votes.judged);
}

using Judged = std::unordered_map<std::string, const SubstituteVotes*>;

Hits hits_of(const Judged& judged, const std::vector<std::string>& proposed, std::size_t k, double threshold,
             bool lenient) {
  Hits hits;
  std::size_t wanted = 0;
  for (const auto& [lemma, votes] : judged) wanted += ratio(*votes) >= threshold;
  hits.wanted = static_cast<std::int64_t>(std::min(wanted, k));
  for (const auto& lemma : proposed) {
    if (std::cmp_equal(hits.proposed, k)) break;
    const auto found = judged.find(lemma);
    if (lenient && found == judged.end()) continue;
    ++hits.proposed;
    hits.right += found != judged.end() && ratio(*found->second) >= threshold;
  }
  return hits;
}

/// The sum, over the places of gains above 0, of the mean gain up to there.
double summed_precision(const std::vector<std::int64_t>& gains) {
  double sum = 0;
  std::int64_t gained = 0;
  for (std::size_t i = 0; i < gains.size(); ++i) {
    gained += gains[i];
    if (gains[i] > 0) sum += static_cast<double>(gained) / static_cast<double>(i + 1);
  }
  return sum;
}

std::optional<double> gap_of(const Judged& judged, const std::vector<std::string>& proposed) {
  std::vector<std::int64_t> best, found;
  for (const auto& [lemma, votes] : judged) best.push_back(votes->accepted);
  std::ranges::sort(best, std::greater());
  const double most = summed_precision(best);
  if (most == 0) return std::nullopt;
  for (const auto& lemma : proposed) {
    const auto votes = judged.find(lemma);
    found.push_back(votes == judged.end() ? 0 : votes->second->accepted);
  }
  return summed_precision(found) / most;
}

void compute(std::span<const TargetScores> targets, std::span<const std::uint32_t> indices,
             std::span<double> values) {
  std::array<Hits, kMeasures> sums;
  double gap = 0;
  std::int64_t gaps = 0;
  for (const auto index : indices) {
    const TargetScores& target = targets[index];
    for (std::size_t m = 0; m < kMeasures; ++m) sums[m] += target.hits[m];
    gap += target.gap.value_or(0);
    gaps += target.gap.has_value();
  }
  for (std::size_t m = 0; m < kMeasures; ++m) {
    values[3 * m] = kPercent * sums[m].f();
    values[3 * m + 1] = kPercent * sums[m].precision();
    values[3 * m + 2] = kPercent * sums[m].recall();
  }
  values[kFigures - 1] =
      gaps ? kPercent * gap / static_cast<double>(gaps) : std::numeric_limits<double>::quiet_NaN();
}

Json to_json(const Figure& figure) {
  Json json = {{"value", figure.value}};
  if (figure.interval) json["interval"] = {figure.interval->low, figure.interval->high};
  return json;
}

}  // namespace

Hits& Hits::operator+=(const Hits& other) {
  right += other.right;
  proposed += other.proposed;
  wanted += other.wanted;
  return *this;
}

double Hits::f() const {
  const double p = precision();
  const double r = recall();
  return right ? 2 * p * r / (p + r) : 0;
}

TargetScores score_target(const std::vector<SubstituteVotes>& judged,
                          const std::vector<std::string>& proposed, std::size_t k) {
  Judged by_lemma;
  for (const auto& votes : judged) by_lemma.emplace(votes.lemma, &votes);
  TargetScores scores;
  for (std::size_t m = 0; m < kMeasures; ++m)
    scores.hits[m] =
        hits_of(by_lemma, proposed, k, m < kMeasures / 2 ? kAcceptable : kConceivable, is_lenient(m));
  scores.gap = gap_of(by_lemma, proposed);
  return scores;
}

SubstitutionScores pool(std::span<const TargetScores> targets, const BootstrapOptions& options, int threads) {
  if (targets.empty()) throw InputError("measuring substitutes", "targets", "none, expected at least one");
  std::vector<std::uint32_t> all(targets.size());
  std::iota(all.begin(), all.end(), 0U);
  std::array<double, kFigures> points{};
  compute(targets, all, points);
  const Replicates replicates = bootstrap(
      targets.size(), kFigures, options,
      [&](std::span<const std::uint32_t> indices, std::span<double> values) {
        compute(targets, indices, values);
      },
      threads);
  const auto figure = [&](std::size_t i) {
    return Figure{points[i], percentile_interval(replicates.column(i), options.confidence)};
  };
  SubstitutionScores scores;
  for (std::size_t m = 0; m < kMeasures; ++m)
    scores.measures[m] = {figure(3 * m), figure(3 * m + 1), figure(3 * m + 2)};
  scores.gap = figure(kFigures - 1);
  return scores;
}

Json SubstitutionScores::to_json() const {
  Json json;
  for (std::size_t m = 0; m < kMeasures; ++m)
    json[kSubstitutionMeasures[m]] = {{"f", evaluation::to_json(measures[m].f)},
                                      {"precision", evaluation::to_json(measures[m].precision)},
                                      {"recall", evaluation::to_json(measures[m].recall)}};
  json["gap"] = evaluation::to_json(gap);
  return json;
}

}  // namespace conceptune::evaluation
