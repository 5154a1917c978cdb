#include "conceptune/experiment/card_results.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "conceptune/results/metrics.h"

namespace conceptune::experiment {
namespace {

using evaluation::Measurement;

/// The others say the same in another unit, or are for those who look closer.
constexpr std::string_view kOfCards[] = {"spearman",     "content_nll",      "global_nll",
                                         "concept_mass", "clustering_score", "acc"};

std::vector<const Measurement*> of_card(const evaluation::Results& results, const std::string& arm) {
  std::vector<const Measurement*> chosen;
  for (const auto& measurement : results.measurements)
    if (measurement.subject == arm && measurement.value.value &&
        std::ranges::find(kOfCards, measurement.metric) != std::end(kOfCards))
      chosen.push_back(&measurement);
  return chosen;
}

std::string interval_text(const std::optional<evaluation::Interval>& interval) {
  return interval ? fmt::format(" [{:.3f}, {:.3f}]", interval->low, interval->high) : "";
}

std::string value_text(const Measurement* measurement) {
  if (!measurement || !measurement->value.value) return "";
  return fmt::format("{:.3f}{}", *measurement->value.value, interval_text(measurement->interval));
}

/// By the items that the values' own intervals resample; there are others beside it.
std::string difference_text(const Measurement& measurement) {
  for (const auto& comparison : measurement.comparisons)
    if (comparison.reference == evaluation::kBase && comparison.unit == measurement.resampled)
      return fmt::format("{:+.3f}{}", comparison.difference, interval_text(comparison.interval));
  return "";
}

std::string label_of(const Measurement& measurement) {
  const auto metric = evaluation::metric_named(measurement.metric);
  const std::string label(metric ? metric->label : measurement.metric);
  return measurement.convention.empty() ? label : fmt::format("{} ({})", label, measurement.convention);
}

std::string task_of(const Measurement& measurement) {
  const auto metric = evaluation::metric_named(measurement.metric);
  return metric && metric->measured_on == evaluation::MeasuredOn::pairs ? "sentence-similarity"
                                                                        : "text-generation";
}

}  // namespace

std::string describe_results(const evaluation::Results& results, const std::string& arm) {
  const auto measurements = of_card(results, arm);
  if (measurements.empty()) return {};
  std::string text =
      "| measured on | metric | this adapter | base | difference to the base |\n|---|---|---|---|---|\n";
  for (const Measurement* measurement : measurements) {
    const auto& m = *measurement;
    const auto* const base = results.find(evaluation::kBase, m.benchmark, m.metric, m.convention);
    const auto metric = evaluation::metric_named(m.metric);
    text += fmt::format("| {}, {} {} | {}{} | {} | {} | {} |\n", m.benchmark, m.n, m.unit, label_of(m),
                        metric && !metric->higher_is_better ? ", lower is better" : "", value_text(&m),
                        value_text(base), difference_text(m));
  }
  return text + fmt::format(
                    "\nThe base is the same model without an adapter. Brackets are {:g} % intervals from {} "
                    "resamples of the items; a difference is paired, both sides seen on the same items. The "
                    "intervals know nothing of other seeds.\n",
                    100 * results.bootstrap.confidence, results.bootstrap.samples);
}

Json model_index_of(const evaluation::Results& results, const std::string& arm) {
  Json found = Json::array();
  for (const Measurement* measurement : of_card(results, arm))
    found.push_back({{"task", {{"type", task_of(*measurement)}}},
                     {"dataset", {{"name", measurement->benchmark}, {"type", measurement->benchmark}}},
                     {"metrics",
                      {{{"type", measurement->metric},
                        {"name", label_of(*measurement)},
                        {"value", *measurement->value.value}}}}});
  if (found.empty()) return found;
  return Json::array({{{"name", arm}, {"results", found}}});
}

}  // namespace conceptune::experiment
