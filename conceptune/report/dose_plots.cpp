#include "conceptune/report/dose_plots.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
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
using experiment::StoredEvaluation;

/// Times the base's content-word perplexity: arms beyond it have lost the language, and would hide the
/// others.
constexpr double kOffTheScale = 4;

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

/// The similarity sets with the convention that was configured: the paper's only where there is no other.
std::map<std::string, std::string> similarity_sets(const StoredEvaluation& evaluation) {
  std::map<std::string, std::string> conventions;
  for (const auto& measurement : evaluation.results.measurements) {
    if (measurement.metric != "spearman") continue;
    const auto [known, is_new] = conventions.try_emplace(measurement.benchmark, measurement.convention);
    if (known->second == kPapersConvention) known->second = measurement.convention;
  }
  return conventions;
}

NumberOf mean_similarity(const std::map<std::string, std::string>& sets) {
  return [&sets](const StoredEvaluation& evaluation,
                 const std::vector<std::string>& subjects) -> std::optional<SeedMean> {
    SeedMean mean;
    for (const auto& [benchmark, convention] : sets)
      for (const auto& subject : subjects) {
        const auto* found = evaluation.results.find(subject, benchmark, "spearman", convention);
        if (!found || !found->value.value) return std::nullopt;
        mean.value += *found->value.value / static_cast<double>(sets.size() * subjects.size());
      }
    return mean;
  };
}

/// By the logarithm of the perplexity, so that one bad arm does not press all others together.
std::vector<Curve> curves_of(const experiment::Results& results, const StoredEvaluation& evaluation,
                             const NumberOf& across, const NumberOf& up) {
  std::vector<Curve> curves;
  const auto base = across(evaluation, {std::string(evaluation::kBase)});
  const auto add = [&](Curve& curve, const std::vector<std::string>& subjects, const std::string& text) {
    const auto x = across(evaluation, subjects), y = up(evaluation, subjects);
    if (!x || !y || x->value <= 0 || (base && x->value > kOffTheScale * base->value)) return;
    if (!curve.points.empty()) curve.points.back().text.clear();
    curve.points.push_back(point_of(std::log(x->value), *y));
    curve.points.back().text = text;
  };
  std::map<std::string, std::map<double, std::vector<std::string>>> arms;
  for (const auto& arm : results.arms)
    if (arm.model == evaluation.model) arms[curve_label(arm, false)][arm.concept_weight].push_back(arm.name);
  for (const auto& [label, by_weight] : arms) {
    Curve& curve = curves.emplace_back(Curve{label, {}});
    for (const auto& [weight, subjects] : by_weight) add(curve, subjects, fmt::format("λ {:.3g}", weight));
  }
  add(curves.emplace_back(Curve{"base", {}}), {std::string(evaluation::kBase)}, "");
  std::erase_if(curves, [](const Curve& curve) { return curve.points.empty(); });
  return curves;
}

/// Perplexities at round places of an axis of logarithms: powers of ten and their simplest multiples, or,
/// where all lie within a few times the lowest, even steps.
std::vector<double> round_places(double low, double high) {
  constexpr double kWide = 5, kFewest = 3;
  std::vector<double> places;
  if (high / low < kWide) {
    const double wanted = (high - low) / kFewest, decade = std::pow(10, std::floor(std::log10(wanted)));
    double step = decade;
    for (const double multiple : {2.0, 5.0})
      if (multiple * decade <= wanted) step = multiple * decade;
    for (double place = step * std::ceil(low / step); place <= high; place += step) places.push_back(place);
    return places;
  }
  for (const auto& multiples : {std::vector{1.0}, {1.0, 3.0}, {1.0, 2.0, 5.0}}) {
    places.clear();
    for (double decade = std::pow(10, std::floor(std::log10(low))); decade <= high; decade *= 10)
      for (const double multiple : multiples)
        if (const double place = multiple * decade; place >= low && place <= high) places.push_back(place);
    if (static_cast<double>(places.size()) >= kFewest) break;
  }
  return places;
}

void name_perplexities(Plot& plot) {
  std::optional<std::pair<double, double>> range;
  for (const auto& curve : plot.curves)
    for (const auto& point : curve.points)
      range = range ? std::pair(std::min(range->first, point.x), std::max(range->second, point.x))
                    : std::pair(point.x, point.x);
  if (!range || range->first == range->second) return;
  for (const double place : round_places(std::exp(range->first), std::exp(range->second)))
    plot.x_names.emplace_back(std::log(place), fmt::format("{:.6g}", place));
}

std::set<std::string> passage_sets(const StoredEvaluation& evaluation) {
  std::set<std::string> sets;
  for (const auto& measurement : evaluation.results.measurements)
    if (measurement.metric == "content_perplexity" && measurement.value.value)
      sets.insert(measurement.benchmark);
  return sets;
}

}  // namespace

std::vector<Plot> dose_plots(const experiment::Results& results) {
  std::vector<Plot> plots;
  for (const auto& evaluation : results.evaluations) {
    const auto similarities = similarity_sets(evaluation);
    for (const auto& set : passage_sets(evaluation)) {
      const auto add = [&](const char* name, const std::string& title, const std::string& y_label,
                           const NumberOf& up) {
        plots.push_back({fmt::format("dose-{}-{}-{}", file_part(evaluation.model), file_part(set), name),
                         results.evaluations.size() > 1 ? evaluation.model : title,
                         fmt::format("content-word perplexity of {} ↓", set),
                         y_label,
                         curves_of(results, evaluation, metric_of(set, "content_perplexity"), up),
                         {},
                         true});
        name_perplexities(plots.back());
      };
      if (!similarities.empty())
        add("similarity", "similarity against content words", "mean Spearman ↑",
            mean_similarity(similarities));
      add("perplexity", "all tokens against content words", "perplexity of all tokens ↓",
          metric_of(set, "global_perplexity"));
    }
  }
  std::erase_if(plots, [](const Plot& plot) { return plot.curves.size() < 2; });
  return plots;
}

}  // namespace conceptune::report
