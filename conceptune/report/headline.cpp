#include "conceptune/report/headline.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "conceptune/report/paper_design.h"
#include "conceptune/report/result_tables.h"
#include "conceptune/report/run_conditions.h"
#include "conceptune/report/seed_mean.h"
#include "conceptune/results/metrics.h"

namespace conceptune::report {
namespace {

using evaluation::Interval;
using evaluation::MeasuredOn;
using evaluation::Measurement;
using experiment::StoredEvaluation;

/// What a column is of.
struct Column {
  std::string benchmark, metric, convention;

  bool is_perplexity() const { return metric.ends_with("_perplexity"); }
  /// The metric whose differences are shown: a perplexity's logarithm.
  std::string compared() const {
    return is_perplexity() ? metric.substr(0, metric.rfind('_')) + "_nll" : metric;
  }
};

struct Difference {
  double value = 0;
  std::optional<Interval> interval;
};

const Measurement* value_of(const StoredEvaluation& evaluation, const std::string& subject,
                            const Column& column, const std::string& metric) {
  const auto* found = evaluation.results.find(subject, column.benchmark, metric, column.convention);
  return found && found->value.value ? found : nullptr;
}

/// The answer to a question about just this difference.
std::optional<Difference> answered(const StoredEvaluation& evaluation, const std::string& plus,
                                   const std::string& minus, const Column& column) {
  for (const auto& answer : evaluation.results.answers) {
    const auto& contrast = answer.contrast;
    if (contrast.plus == plus && contrast.minus == minus && contrast.metric == column.compared() &&
        contrast.sets.size() == 1 && contrast.sets[0].benchmark == column.benchmark &&
        contrast.sets[0].convention == column.convention && answer.difference.value)
      return Difference{*answer.difference.value, answer.interval};
  }
  return std::nullopt;
}

/// By the seeds that both sides have; a null `minus` is the base.
std::optional<Difference> measured(const StoredEvaluation& evaluation, const RunCondition& plus,
                                   const RunCondition* minus, const Column& column) {
  std::vector<double> by_seed;
  const evaluation::Comparison* paired = nullptr;
  for (const auto& [seed, arm] : plus.arms) {
    const auto* value = value_of(evaluation, arm->name, column, column.compared());
    const auto other = minus ? minus->arms.find(seed) : plus.arms.end();
    if (!value || (minus && other == minus->arms.end())) continue;
    const std::string reference = minus ? other->second->name : std::string(evaluation::kBase);
    const auto* beside = value_of(evaluation, reference, column, column.compared());
    if (!beside) continue;
    by_seed.push_back(*value->value.value - *beside->value.value);
    paired = comparison_with(*value, reference);
  }
  if (by_seed.empty()) return std::nullopt;
  if (by_seed.size() == 1 && paired) return Difference{paired->difference, paired->interval};
  const SeedMean mean = mean_of_values(by_seed);
  return Difference{mean.value, mean.interval};
}

std::optional<Difference> difference_of(const StoredEvaluation& evaluation, const RunCondition& plus,
                                        const RunCondition* minus, const Column& column) {
  if (auto found =
          answered(evaluation, plus.name, minus ? minus->name : std::string(evaluation::kBase), column))
    return found;
  return measured(evaluation, plus, minus, column);
}

double shown(double difference, const Column& column) {
  return column.is_perplexity() ? 100 * std::expm1(difference) : difference;
}

bool excludes_zero(const std::optional<Interval>& interval) {
  return interval && (interval->low > 0 || interval->high < 0);
}

Tone tone_of(const Difference& difference, const Column& column) {
  const auto metric = evaluation::metric_named(column.metric);
  if (!metric || !excludes_zero(difference.interval)) return Tone::neutral;
  return (difference.value > 0) == metric->higher_is_better ? Tone::better : Tone::worse;
}

std::string difference_text(const Difference& difference, const Column& column) {
  const double value = shown(difference.value, column);
  return column.is_perplexity() ? percent_text(value) : signed_text(value);
}

/// "base +0.0123 [0.0100, 0.0150]", or "+0.0123*" in short.
CellLine line_of(const Difference& difference, const Column& column, const std::string& name, bool is_short) {
  if (is_short)
    return {difference_text(difference, column) + (excludes_zero(difference.interval) ? "*" : " ")};
  std::string text = fmt::format("{} {}", name, difference_text(difference, column));
  if (const auto& interval = difference.interval) {
    const double low = shown(interval->low, column), high = shown(interval->high, column);
    text += column.is_perplexity() ? fmt::format(" [{}, {}]", percent_text(low), percent_text(high))
                                   : fmt::format(" {}", interval_text(Interval{low, high}));
  }
  return {text, tone_of(difference, column)};
}

void append_numbers(Cell& cell, const std::string& name, const Difference& difference, const Column& column) {
  cell.numbers.push_back({name, shown(difference.value, column)});
  const auto& interval = difference.interval;
  cell.numbers.push_back(
      {name + " low", interval ? std::optional(shown(interval->low, column)) : std::nullopt});
  cell.numbers.push_back(
      {name + " high", interval ? std::optional(shown(interval->high, column)) : std::nullopt});
}

Cell base_cell(const StoredEvaluation& evaluation, const Column& column, bool is_short) {
  const auto* base =
      evaluation.results.find(evaluation::kBase, column.benchmark, column.metric, column.convention);
  if (!base) return {};
  if (!base->value.value) return {"undefined", base->value.undefined_because};
  return number_cell(base->value.value, number_text(base->value.value),
                     is_short ? "" : interval_text(base->interval));
}

Cell condition_cell(const StoredEvaluation& evaluation, const RunCondition& condition,
                    const RunCondition* next_token, const Column& column, bool is_short) {
  std::vector<const Measurement*> seeds;
  std::string undefined_because;
  for (const auto& [seed, arm] : condition.arms) {
    const auto* found =
        evaluation.results.find(arm->name, column.benchmark, column.metric, column.convention);
    if (found && found->value.value) seeds.push_back(found);
    if (found && !found->value.value) undefined_because = found->value.undefined_because;
  }
  if (seeds.empty()) return {undefined_because.empty() ? "" : "undefined", undefined_because};
  const double mean = mean_over_seeds(seeds).value;
  Cell cell = number_cell(mean, number_text(mean));
  if (const auto difference = difference_of(evaluation, condition, nullptr, column)) {
    const CellLine line = line_of(*difference, column, "base", is_short);
    cell.detail = line.text;
    cell.tone = line.tone;
    append_numbers(cell, "minus base", *difference, column);
  }
  if (!next_token) return cell;
  if (const auto difference = difference_of(evaluation, condition, next_token, column)) {
    cell.further.push_back(line_of(*difference, column, "λ 0", is_short));
    append_numbers(cell, "minus next token", *difference, column);
  }
  return cell;
}

/// Columns that belong in one table, under its caption.
struct Family {
  std::string caption;
  std::vector<Column> columns;
};

/// Similarity by convention, passages by set, all tasks.
std::string family_of(const Measurement& measurement, MeasuredOn measured_on) {
  if (measured_on == MeasuredOn::pairs)
    return measurement.convention.empty()
               ? "similarity as people see it"
               : fmt::format("similarity as people see it (convention {})", measurement.convention);
  if (measured_on == MeasuredOn::questions) return "tasks";
  return "passages of " + measurement.benchmark;
}

std::vector<Family> families_of(const StoredEvaluation& evaluation) {
  std::vector<Family> families;
  for (const auto& m : evaluation.results.measurements) {
    const auto metric = evaluation::metric_named(m.metric);
    if (!metric || !is_main_metric(m.metric)) continue;
    const std::string caption = family_of(m, metric->measured_on);
    auto family = std::ranges::find(families, caption, &Family::caption);
    if (family == families.end()) family = families.insert(family, {caption, {}});
    const bool known = std::ranges::any_of(family->columns, [&](const Column& column) {
      return column.benchmark == m.benchmark && column.metric == m.metric;
    });
    if (!known) family->columns.push_back({m.benchmark, m.metric, m.convention});
  }
  // Similarity first, as it was configured before what stands beside it.
  std::ranges::stable_sort(families, {}, [](const Family& family) {
    const std::string& convention = family.columns[0].convention;
    return convention.empty() ? 2 : convention == kPapersConvention ? 1 : 0;
  });
  return families;
}

/// "men Spearman ↑" where sets differ, else the metric alone.
std::string column_label(const Family& family, const Column& column) {
  const auto metric = evaluation::metric_named(column.metric);
  const std::string label = fmt::format("{} {}", metric->label, metric->higher_is_better ? "↑" : "↓");
  const bool of_one_set = std::ranges::all_of(
      family.columns, [&](const Column& other) { return other.benchmark == column.benchmark; });
  return of_one_set && family.columns.size() > 1 ? label : column.benchmark + " " + label;
}

Table family_table(const StoredEvaluation& evaluation, const std::vector<RunCondition>& conditions,
                   const Family& family, bool is_short) {
  Table table{"", fmt::format("{}: {}", evaluation.model, family.caption), {"arm"}, {}};
  for (const auto& column : family.columns) table.columns.push_back(column_label(family, column));
  auto& base = table.rows.emplace_back(std::vector<Cell>{{"base"}});
  for (const auto& column : family.columns) base.push_back(base_cell(evaluation, column, is_short));
  for (const auto& condition : conditions) {
    const auto count = condition.arms.size();
    const std::string seeds = count > 1 && !is_short ? fmt::format("{} seeds", count) : "";
    auto& row = table.rows.emplace_back(std::vector<Cell>{{condition.name, seeds}});
    const RunCondition* next_token = next_token_beside(condition, conditions);
    for (const auto& column : family.columns)
      row.push_back(condition_cell(evaluation, condition, next_token, column, is_short));
  }
  return table;
}

std::vector<Table> tables_of(const experiment::Results& results, bool is_short) {
  std::vector<Table> tables;
  for (const auto& evaluation : results.evaluations) {
    const auto conditions = conditions_of(results.arms, evaluation.model);
    for (const auto& family : families_of(evaluation)) {
      tables.push_back(family_table(evaluation, conditions, family, is_short));
      tables.back().name = tables.size() == 1 ? "summary" : fmt::format("summary-{}", tables.size());
    }
  }
  return tables;
}

}  // namespace

std::vector<Table> headline_tables(const experiment::Results& results) { return tables_of(results, false); }

std::vector<Table> short_headline_tables(const experiment::Results& results) {
  return tables_of(results, true);
}

}  // namespace conceptune::report
