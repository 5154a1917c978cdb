#include "conceptune/report/result_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "conceptune/results/metrics.h"

namespace conceptune::report {
namespace {

using evaluation::Comparison;
using evaluation::Measurement;

int decimals_of(double value) {
  const double size = std::abs(value);
  if (size >= 1000) return 0;
  if (size >= 100) return 1;
  return size >= 10 ? 2 : 4;
}

std::string exact_text(std::optional<double> value) { return value ? fmt::format("{}", *value) : ""; }

std::string low_text(const std::optional<evaluation::Interval>& interval) {
  return interval ? exact_text(interval->low) : "";
}

std::string high_text(const std::optional<evaluation::Interval>& interval) {
  return interval ? exact_text(interval->high) : "";
}

std::vector<Cell> plain_row(const std::vector<std::string>& texts) {
  std::vector<Cell> row;
  row.reserve(texts.size());
  for (const auto& text : texts) row.push_back({text, "", Tone::neutral});
  return row;
}

/// With a minus sign, not a hyphen, and none before a 0.
std::string fixed_text(double value, int decimals) {
  const std::string size = fmt::format("{:.{}f}", std::abs(value), decimals);
  const bool is_zero = size.find_first_not_of("0.") == std::string::npos;
  return value < 0 && !is_zero ? "−" + size : size;
}

std::string with_sign(const std::string& text) { return text.starts_with("−") ? text : "+" + text; }

}  // namespace

std::string number_text(std::optional<double> value) {
  if (!value) return "undefined";
  return fixed_text(*value, decimals_of(*value));
}

std::string signed_text(double value) { return with_sign(number_text(value)); }

std::string percent_text(double percent) { return with_sign(fixed_text(percent, 1)) + " %"; }

std::string share_text(double share) { return fmt::format("{:.0f} %", 100 * share); }

std::string interval_text(const std::optional<evaluation::Interval>& interval) {
  if (!interval) return "";
  return fmt::format("[{}, {}]", number_text(interval->low), number_text(interval->high));
}

std::string row_label(const Measurement& measurement) {
  const auto metric = evaluation::metric_named(measurement.metric);
  std::string label =
      fmt::format("{} {}", measurement.benchmark, metric ? metric->label : measurement.metric);
  if (metric) label += metric->higher_is_better ? " ↑" : " ↓";
  if (!measurement.convention.empty()) label += fmt::format(" ({})", measurement.convention);
  return label;
}

bool is_main_metric(std::string_view metric) {
  constexpr std::string_view kMain[] = {"spearman",
                                        "content_perplexity",
                                        "content_accuracy",
                                        "global_perplexity",
                                        "global_accuracy",
                                        "clustering_score",
                                        "acc",
                                        "acc_norm"};
  return std::find(std::begin(kMain), std::end(kMain), metric) != std::end(kMain);
}

const Comparison* comparison_with(const Measurement& measurement, std::string_view reference) {
  for (const auto& comparison : measurement.comparisons)
    if (comparison.reference == reference) return &comparison;
  return nullptr;
}

const Comparison* comparison_with_base(const Measurement& measurement) {
  return comparison_with(measurement, evaluation::kBase);
}

Table measurement_table(const std::vector<experiment::StoredEvaluation>& evaluations) {
  Table table{"measurements",
              "Every measurement",
              {"model", "subject", "benchmark", "metric", "convention", "value", "low", "high", "n", "unit",
               "undefined because"},
              {}};
  for (const auto& [model, results] : evaluations)
    for (const auto& m : results.measurements)
      table.rows.push_back(plain_row({model, m.subject, m.benchmark, m.metric, m.convention,
                                      exact_text(m.value.value), low_text(m.interval), high_text(m.interval),
                                      fmt::format("{}", m.n), m.unit, m.value.undefined_because}));
  return table;
}

Table comparison_table(const std::vector<experiment::StoredEvaluation>& evaluations, bool main_ones) {
  Table table{"comparisons",
              "Paired differences: subject minus reference on the same items",
              {"model", "subject", "benchmark", "metric", "convention", "reference", "resampled",
               "difference", "low", "high", "p of this one alone"},
              {}};
  for (const auto& [model, results] : evaluations)
    for (const auto& m : results.measurements) {
      if (main_ones && !is_main_metric(m.metric)) continue;
      for (const auto& c : m.comparisons)
        table.rows.push_back(plain_row({model, m.subject, m.benchmark, m.metric, m.convention, c.reference,
                                        c.unit, exact_text(c.difference), low_text(c.interval),
                                        high_text(c.interval), exact_text(c.p)}));
    }
  return table;
}

}  // namespace conceptune::report
