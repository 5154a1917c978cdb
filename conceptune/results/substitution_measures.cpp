#include "conceptune/results/substitution_measures.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <unordered_map>

#include "conceptune/base/error.h"

namespace conceptune::evaluation {
namespace {

constexpr std::size_t kMeasures = kSubstitutionMeasures.size();
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

/// Statistics of items with their values on all of them and their intervals.
std::vector<Figure> figures_of(std::size_t items, std::size_t statistics, const ResampledStatistics& compute,
                               const BootstrapOptions& options, int threads) {
  if (items == 0) throw InputError("measuring substitutes", "items", "none, expected at least one");
  std::vector<std::uint32_t> all(items);
  std::iota(all.begin(), all.end(), 0U);
  std::vector<double> points(statistics);
  compute(all, points);
  const Replicates replicates = bootstrap(items, statistics, options, compute, threads);
  std::vector<Figure> figures;
  for (std::size_t i = 0; i < statistics; ++i)
    figures.push_back({points[i], percentile_interval(replicates.column(i), options.confidence)});
  return figures;
}

Figure mean_gap(std::span<const TargetScores> targets, const BootstrapOptions& options, int threads) {
  const auto mean = [&](std::span<const std::uint32_t> indices, std::span<double> values) {
    double gap = 0;
    std::int64_t gaps = 0;
    for (const auto index : indices) {
      gap += targets[index].gap.value_or(0);
      gaps += targets[index].gap.has_value();
    }
    values[0] = gaps ? kPercent * gap / static_cast<double>(gaps) : std::numeric_limits<double>::quiet_NaN();
  };
  return figures_of(targets.size(), 1, mean, options, threads).front();
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

PooledMeasure pool_hits(std::span<const Hits> items, const BootstrapOptions& options, int threads) {
  const auto sums = [&](std::span<const std::uint32_t> indices, std::span<double> values) {
    Hits sum;
    for (const auto index : indices) sum += items[index];
    values[0] = kPercent * sum.f();
    values[1] = kPercent * sum.precision();
    values[2] = kPercent * sum.recall();
  };
  const auto figures = figures_of(items.size(), 3, sums, options, threads);
  return {figures[0], figures[1], figures[2]};
}

SubstitutionScores pool(std::span<const TargetScores> targets, const BootstrapOptions& options, int threads) {
  SubstitutionScores scores;
  for (std::size_t m = 0; m < kMeasures; ++m) {
    std::vector<Hits> hits;
    for (const auto& target : targets) hits.push_back(target.hits[m]);
    scores.measures[m] = pool_hits(hits, options, threads);
  }
  scores.gap = mean_gap(targets, options, threads);
  return scores;
}

std::string Figure::text() const {
  const std::string number = fmt::format("{:5.1f}", value);
  return interval ? number + fmt::format(" [{:.1f}, {:.1f}]", interval->low, interval->high) : number;
}

Json PooledMeasure::to_json() const {
  return {{"f", evaluation::to_json(f)},
          {"precision", evaluation::to_json(precision)},
          {"recall", evaluation::to_json(recall)}};
}

Json SubstitutionScores::to_json() const {
  Json json;
  for (std::size_t m = 0; m < kMeasures; ++m) json[kSubstitutionMeasures[m]] = measures[m].to_json();
  json["gap"] = evaluation::to_json(gap);
  return json;
}

}  // namespace conceptune::evaluation
