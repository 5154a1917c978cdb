#include "conceptune/results/contrast.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "conceptune/base/random.h"
#include "conceptune/results/seeds.h"

namespace conceptune::evaluation {
namespace {

constexpr std::string_view kNotMeasured = "not measured";

/// The table that holds a metric of a set, or null.
const MetricTable* find_table(std::span<const MetricTable> tables, const ContrastSet& set,
                              const std::string& metric) {
  const auto found = std::ranges::find_if(tables, [&](const MetricTable& table) {
    return table.benchmark == set.benchmark && table.convention == set.convention &&
           std::ranges::find(table.metrics, metric) != table.metrics.end();
  });
  return found == tables.end() ? nullptr : &*found;
}

/// Where the value of a subject stands in a table; nothing for an unknown subject.
std::optional<std::size_t> cell_of(const MetricTable& table, const std::string& subject,
                                   const std::string& metric) {
  const auto s = std::ranges::find(table.subjects, subject);
  if (s == table.subjects.end()) return std::nullopt;
  const auto m = std::ranges::find(table.metrics, metric);
  return static_cast<std::size_t>(s - table.subjects.begin()) * table.metrics.size() +
         static_cast<std::size_t>(m - table.metrics.begin());
}

/// The values of tables that contrasts need, each on all items and on the resamples.
class NeededValues {
 public:
  NeededValues(std::span<const MetricTable> tables, std::span<const Contrast> contrasts,
               const ComparisonOptions& options) {
    std::map<const MetricTable*, std::vector<bool>> wanted;
    for (const Contrast& contrast : contrasts)
      for (const ContrastSet& set : contrast.sets)
        if (const MetricTable* table = find_table(tables, set, contrast.metric)) {
          auto& cells = wanted.try_emplace(table, table->points.size()).first->second;
          for (const ContrastSeed& seed : contrast.seeds)
            for (const std::string& subject : {seed.plus, seed.minus, seed.reference})
              if (const auto cell = cell_of(*table, subject, contrast.metric)) cells[*cell] = true;
        }
    for (const auto& [table, cells] : wanted) add(*table, cells, options);
  }

  const std::vector<double>& replicates(const MetricTable& table, std::size_t cell) const {
    return columns_.at({&table, cell});
  }

 private:
  void add(const MetricTable& table, const std::vector<bool>& wanted, const ComparisonOptions& options) {
    std::vector<std::size_t> cells;
    for (std::size_t cell = 0; cell < wanted.size(); ++cell)
      if (wanted[cell]) cells.push_back(cell);
    BootstrapOptions own = options.bootstrap;
    own.seed = Random(own.seed, table.benchmark).next();  // sets are drawn independently of each other
    const Replicates drawn = bootstrap(
        table.items, cells.size(), own,
        [&](std::span<const std::uint32_t> indices, std::span<double> values) {
          std::vector<double> all(wanted.size());
          table.compute(indices, wanted, all);
          for (std::size_t i = 0; i < cells.size(); ++i) values[i] = all[cells[i]];
        },
        options.threads);
    for (std::size_t i = 0; i < cells.size(); ++i) columns_[{&table, cells[i]}] = drawn.column(i);
  }

  std::map<std::pair<const MetricTable*, std::size_t>, std::vector<double>> columns_;
};

using Side = std::string ContrastSeed::*;

/// Works out one contrast after the other.
class Answerer {
 public:
  Answerer(std::span<const MetricTable> tables, std::span<const Contrast> contrasts,
           const ComparisonOptions& options)
      : tables_(tables), options_(options), values_(tables, contrasts, options) {}

  Answer answer(const Contrast& contrast) const {
    Answer answer{.contrast = contrast,
                  .items = {},
                  .resampled = {},
                  .difference = Statistic::undefined(std::string(kNotMeasured)),
                  .by_seed = {},
                  .interval = {},
                  .seed_interval = {},
                  .p = {},
                  .explained = {},
                  .explained_interval = {}};
    const auto differences = between(contrast, &ContrastSeed::plus, &ContrastSeed::minus);
    if (!differences) return answer;
    for (const auto& set : contrast.sets) {
      const MetricTable& table = *find_table(tables_, set, contrast.metric);
      answer.items.push_back(static_cast<std::int64_t>(table.items));
      answer.resampled = table.resampled;
    }
    answer.by_seed = differences->points_K;
    answer.difference = Statistic::of(differences->mean());
    answer.seed_interval = t_interval(answer.by_seed, options_.bootstrap.confidence);
    if (*std::ranges::min_element(answer.items) < kFewestItems) return answer;
    const auto joined = join_seeds(*differences, options_.bootstrap.seed);
    answer.interval = percentile_interval(joined, options_.bootstrap.confidence);
    if (answer.interval) answer.p = two_sided_p(joined);
    if (!contrast.reference.empty()) explain(answer);
    return answer;
  }

 private:
  /// The differences between two sides by seed, each the mean over the sets; nothing where one is undefined.
  std::optional<SeedDifferences> between(const Contrast& contrast, Side plus, Side minus) const {
    SeedDifferences differences;
    for (const ContrastSeed& seed : contrast.seeds) {
      double point = 0;
      std::vector<double> replicates(static_cast<std::size_t>(options_.bootstrap.samples));
      for (const ContrastSet& set : contrast.sets) {
        const MetricTable* table = find_table(tables_, set, contrast.metric);
        if (!table) return std::nullopt;
        const auto a = cell_of(*table, seed.*plus, contrast.metric);
        const auto b = cell_of(*table, seed.*minus, contrast.metric);
        if (!a || !b || !table->points[*a].value || !table->points[*b].value) return std::nullopt;
        const auto share = 1 / static_cast<double>(contrast.sets.size());
        point += share * (*table->points[*a].value - *table->points[*b].value);
        const auto& of_a = values_.replicates(*table, *a);
        const auto& of_b = values_.replicates(*table, *b);
        for (std::size_t r = 0; r < replicates.size(); ++r) replicates[r] += share * (of_a[r] - of_b[r]);
      }
      differences.points_K.push_back(point);
      differences.replicates_KR.push_back(std::move(replicates));
    }
    return differences;
  }

  /// Which share of the gain over the reference the minus side has too. Of a replicate it is the share found,
  /// plus what the explained part lies off that share of the gain: one difference, joined as one.
  void explain(Answer& answer) const {
    const auto gain = between(answer.contrast, &ContrastSeed::plus, &ContrastSeed::reference);
    auto off = between(answer.contrast, &ContrastSeed::minus, &ContrastSeed::reference);
    if (!gain || !off || gain->mean() == 0) return;
    const double share = off->mean() / gain->mean();
    answer.explained = share;
    for (std::size_t k = 0; k < off->points_K.size(); ++k) {
      off->points_K[k] -= share * gain->points_K[k];
      for (std::size_t r = 0; r < off->replicates_KR[k].size(); ++r)
        off->replicates_KR[k][r] -= share * gain->replicates_KR[k][r];
    }
    const auto gains = join_seeds(*gain, options_.bootstrap.seed);
    const auto interval = percentile_interval(gains, options_.bootstrap.confidence);
    if (!interval || (interval->low <= 0 && interval->high >= 0)) return;
    std::vector<double> shares = join_seeds(*off, options_.bootstrap.seed);
    for (std::size_t r = 0; r < shares.size(); ++r) shares[r] = share + shares[r] / gains[r];
    answer.explained_interval = percentile_interval(shares, options_.bootstrap.confidence);
  }

  std::span<const MetricTable> tables_;
  const ComparisonOptions& options_;
  NeededValues values_;
};

}  // namespace

std::int64_t resamples_for(std::size_t tests, double confidence) {
  constexpr double kBeyondZero = 5;  // the four, and the one that two_sided_p() adds
  return static_cast<std::int64_t>(
      std::ceil(2 * kBeyondZero * static_cast<double>(tests) / (1 - confidence)));
}

std::vector<Answer> answer_contrasts(std::span<const MetricTable> tables, std::span<const Contrast> contrasts,
                                     const ComparisonOptions& options) {
  const Answerer answerer(tables, contrasts, options);
  std::vector<Answer> answers;
  answers.reserve(contrasts.size());
  for (const Contrast& contrast : contrasts) answers.push_back(answerer.answer(contrast));
  return answers;
}

}  // namespace conceptune::evaluation
