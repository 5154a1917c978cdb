#include "conceptune/results/next_token_measures.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>

namespace conceptune::evaluation {
namespace {

/// A kind of token, and the names of the three metrics over it: mean negative log likelihood, its
/// exponential, and the mean of the second value (accuracy, or probability mass).
struct TokenKind {
  std::array<const char*, 3> metrics;
  bool content;
  bool whole_concept;
};

constexpr TokenKind kKinds[] = {
    {{"content_nll", "content_perplexity", "content_accuracy"}, true, false},
    {{"global_nll", "global_perplexity", "global_accuracy"}, false, false},
    {{"concept_nll", "concept_perplexity", "concept_mass"}, true, true},
};

/// What is averaged of one token, or summed over the tokens of a passage.
struct TokenValues {
  double nll = 0;
  double second = 0;
  double count = 0;

  TokenValues& operator+=(const TokenValues& other) {
    nll += other.nll;
    second += other.second;
    count += other.count;
    return *this;
  }
};

std::vector<TokenValues> values_of(const PassageScores& passage, const TokenKind& kind) {
  std::vector<TokenValues> values;
  if (!kind.content)
    for (std::size_t i = 0; i < passage.nll.size(); ++i)
      values.push_back({passage.nll[i], static_cast<double>(passage.correct[i]), 1});
  for (const ContentScore& word : passage.content) {
    if (!kind.content || (kind.whole_concept && !word.has_synonyms)) continue;
    if (kind.whole_concept)
      values.push_back({word.concept_nll, std::exp(-word.concept_nll), 1});
    else
      values.push_back({passage.nll[word.token], static_cast<double>(passage.correct[word.token]), 1});
  }
  return values;
}

/// The items of every subject: single tokens, or sums over passages.
using SubjectItems = std::vector<std::vector<TokenValues>>;

SubjectItems items_of(const std::vector<SubjectScores>& subjects, const TokenKind& kind, bool by_passage) {
  SubjectItems items(subjects.size());
  for (std::size_t s = 0; s < subjects.size(); ++s)
    for (const PassageScores& passage : subjects[s].passages) {
      const auto values = values_of(passage, kind);
      if (!by_passage) {
        items[s].insert(items[s].end(), values.begin(), values.end());
        continue;
      }
      TokenValues sum;
      for (const TokenValues& value : values) sum += value;
      items[s].push_back(sum);
    }
  return items;
}

void put_means(const TokenValues& sum, std::span<double> values) {
  values[0] = sum.nll / sum.count;  // NaN without a token
  values[1] = std::exp(values[0]);
  values[2] = sum.second / sum.count;
}

MetricTable table_of(const std::string& benchmark, const std::vector<SubjectScores>& subjects,
                     const TokenKind& kind, SubjectItems items, const char* resampled) {
  MetricTable table{.benchmark = benchmark,
                    .convention = {},
                    .unit = kind.content ? "content words" : "tokens",
                    .resampled = resampled,
                    .n = 0,
                    .items = items.front().size(),
                    .subjects = {},
                    .metrics = {kind.metrics.begin(), kind.metrics.end()},
                    .points = {},
                    .compute = {}};
  for (std::size_t s = 0; s < subjects.size(); ++s) {
    assert(items[s].size() == table.items);
    table.subjects.push_back(subjects[s].subject);
    TokenValues sum;
    for (const TokenValues& value : items[s]) sum += value;
    table.n = static_cast<std::int64_t>(sum.count);
    std::array<double, 3> means{};
    put_means(sum, means);
    for (const double mean : means)
      table.points.push_back(sum.count > 0 ? Statistic::of(mean) : Statistic::undefined("no such token"));
  }
  table.compute = [items = std::move(items)](std::span<const std::uint32_t> indices,
                                             const std::vector<bool>& wanted, std::span<double> values) {
    for (std::size_t s = 0; s < items.size(); ++s) {
      if (!any_wanted(wanted, 3 * s, 3)) continue;
      TokenValues sum;
      for (const auto i : indices) sum += items[s][i];
      put_means(sum, values.subspan(3 * s, 3));
    }
  };
  return table;
}

}  // namespace

std::vector<MetricTable> next_token_tables(const std::string& benchmark,
                                           const std::vector<SubjectScores>& subjects) {
  assert(!subjects.empty() && !subjects.front().passages.empty());
  std::vector<MetricTable> tables;
  for (const TokenKind& kind : kKinds)
    tables.push_back(table_of(benchmark, subjects, kind, items_of(subjects, kind, true), "passages"));
  return tables;
}

std::vector<Measurement> measure_next_token(const std::string& benchmark,
                                            const std::vector<SubjectScores>& subjects,
                                            const ComparisonOptions& options) {
  return measure_next_token(next_token_tables(benchmark, subjects), subjects, options);
}

std::vector<Measurement> measure_next_token(const std::vector<MetricTable>& tables,
                                            const std::vector<SubjectScores>& subjects,
                                            const ComparisonOptions& options) {
  std::vector<Measurement> all;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    auto measurements = measure(tables[i], options);
    SubjectItems tokens = items_of(subjects, kKinds[i], false);
    if (!tokens.front().empty())
      add_comparisons(measurements,
                      table_of(tables[i].benchmark, subjects, kKinds[i], std::move(tokens), "tokens"),
                      options);
    all.insert(all.end(), std::make_move_iterator(measurements.begin()),
               std::make_move_iterator(measurements.end()));
  }
  return all;
}

}  // namespace conceptune::evaluation
