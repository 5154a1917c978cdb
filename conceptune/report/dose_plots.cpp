#include "conceptune/report/dose_plots.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include "conceptune/base/file_name.h"
#include "conceptune/report/paper_design.h"
#include "conceptune/report/result_plots.h"
#include "conceptune/report/seed_mean.h"

namespace conceptune::report {
namespace {

using evaluation::Measurement;
using experiment::StoredArm;
using experiment::StoredEvaluation;

/// A number of some subjects, the seeds of one arm; nothing where one of them lacks it.
using NumberOf =
    std::function<std::optional<SeedMean>(const StoredEvaluation&, const std::vector<std::string>&)>;

NumberOf metric_of(const std::string& benchmark, const std::string& metric) {
  return [=](const StoredEvaluation& evaluation,
             const std::vector<std::string>& subjects) -> std::optional<SeedMean> {
    std::vector<const Measurement*> seeds;
    for (const auto& subject : subjects) {
      const auto* found = evaluation.results.find(subject, benchmark, metric);
      if (!found || !found->value.value) return std::nullopt;
      seeds.push_back(found);
    }
    return mean_beside_base(seeds);
  };
}

/// The mean over all similarity sets, in the convention that Design chooses.
NumberOf mean_similarity(const std::vector<Quantity>& sets) {
  return [&sets](const StoredEvaluation& evaluation,
                 const std::vector<std::string>& subjects) -> std::optional<SeedMean> {
    SeedMean mean;
    for (const auto& set : sets)
      for (const auto& subject : subjects) {
        const auto* found = set.find(evaluation.results, subject, subject);
        if (!found || !found->value.value) return std::nullopt;
        mean.value += *found->value.value / static_cast<double>(sets.size() * subjects.size());
      }
    return mean;
  };
}

std::vector<Curve> curves_of(const experiment::Results& results, const NumberOf& across, const NumberOf& up) {
  std::vector<Curve> curves;
  const bool several_models = results.evaluations.size() > 1;
  for (const auto& evaluation : results.evaluations) {
    const auto add = [&](Curve& curve, const std::vector<std::string>& subjects, const std::string& text) {
      const auto x = across(evaluation, subjects), y = up(evaluation, subjects);
      if (!x || !y) return;
      PlotPoint point{x->value, y->value, {}, {}, false, text};
      if (y->interval) std::tie(point.low, point.high) = std::tuple(y->interval->low, y->interval->high);
      curve.points.push_back(point);
    };
    std::map<std::string, std::map<double, std::vector<std::string>>> arms;
    for (const auto& arm : results.arms)
      if (arm.model == evaluation.model)
        arms[curve_label(arm, several_models)][arm.concept_weight].push_back(arm.name);
    for (const auto& [label, by_weight] : arms) {
      Curve& curve = curves.emplace_back(Curve{label, {}});
      for (const auto& [weight, subjects] : by_weight) add(curve, subjects, fmt::format("{:.3g}", weight));
    }
    add(curves.emplace_back(Curve{several_models ? evaluation.model + ", base" : "base", {}}),
        {std::string(evaluation::kBase)}, "");
  }
  std::erase_if(curves, [](const Curve& curve) { return curve.points.empty(); });
  return curves;
}

std::set<std::string> passage_sets(const experiment::Results& results) {
  std::set<std::string> sets;
  for (const auto& evaluation : results.evaluations)
    for (const auto& measurement : evaluation.results.measurements)
      if (measurement.metric == "content_perplexity" && measurement.value.value)
        sets.insert(measurement.benchmark);
  return sets;
}

}  // namespace

std::vector<Plot> dose_plots(const experiment::Results& results) {
  const Design design(results);
  std::vector<Plot> plots;
  for (const auto& set : passage_sets(results)) {
    const auto across = metric_of(set, "content_perplexity");
    const std::string label = fmt::format("content-word perplexity of {} ↓", set);
    const std::string name = "dose-" + file_part(set);
    if (!design.similarities().empty())
      plots.push_back({name + "-similarity",
                       "Similarity against content words",
                       label,
                       "mean Spearman ↑",
                       curves_of(results, across, mean_similarity(design.similarities())),
                       {},
                       true});
    plots.push_back({name + "-perplexity",
                     "All tokens against content words",
                     label,
                     "perplexity of all tokens ↓",
                     curves_of(results, across, metric_of(set, "global_perplexity")),
                     {},
                     true});
  }
  std::erase_if(plots, [](const Plot& plot) { return plot.curves.size() < 2; });
  return plots;
}

}  // namespace conceptune::report
