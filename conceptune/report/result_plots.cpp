#include "conceptune/report/result_plots.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "conceptune/base/file_name.h"
#include "conceptune/report/result_tables.h"
#include "conceptune/report/seed_mean.h"
#include "conceptune/results/metrics.h"

namespace conceptune::report {
namespace {

using evaluation::Measurement;
using experiment::StoredArm;
using experiment::StoredLoss;

constexpr std::string_view kWeightKey = "concept_weight";
constexpr std::string_view kSeedKey = "seed";
constexpr std::size_t kMostPointsOfCurve = 120;

std::string last_name(std::string_view key) { return std::string(key.substr(key.rfind('.') + 1)); }

/// A file name of letters, digits and hyphens.
std::string file_name(std::string_view text) {
  std::string name;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain)
      name += c;
    else if (!name.empty() && name.back() != '-')
      name += '-';
  }
  while (!name.empty() && name.back() == '-') name.pop_back();
  return file_part(name);
}

/// Builds the plot of one benchmark, metric and convention.
Plot metric_plot(const experiment::Results& results, const Measurement& row) {
  const auto metric = evaluation::metric_named(row.metric);
  Plot plot{file_name(fmt::format("{}-{}-{}", row.benchmark, row.metric, row.convention)),
            row_label(row),
            "concept weight λ",
            std::string(metric ? metric->label : row.metric),
            {},
            {},
            true};
  const bool several_models = results.evaluations.size() > 1;
  for (const auto& evaluated : results.evaluations) {
    const auto value_of = [&](std::string_view subject) -> const Measurement* {
      const auto* found = evaluated.results.find(subject, row.benchmark, row.metric, row.convention);
      return found && found->value.value ? found : nullptr;
    };
    std::map<std::string, std::map<double, std::vector<const Measurement*>>> curves;
    for (const auto& arm : results.arms)
      if (const auto* value = arm.model == evaluated.model ? value_of(arm.name) : nullptr)
        curves[curve_label(arm, several_models)][arm.concept_weight].push_back(value);
    for (const auto& [label, points] : curves) {
      auto& curve = plot.curves.emplace_back(Curve{label, {}});
      for (const auto& [weight, runs] : points)
        curve.points.push_back(point_of(weight, mean_beside_base(runs)));
    }
    if (const auto* base = value_of(evaluation::kBase))
      plot.levels.push_back({several_models ? evaluated.model : "base", *base->value.value});
  }
  return plot;
}

/// Means over windows of equal length, so that a noisy curve can be read.
std::vector<PlotPoint> averaged(const std::vector<PlotPoint>& points) {
  const std::size_t window = (points.size() + kMostPointsOfCurve - 1) / kMostPointsOfCurve;
  if (window <= 1) return points;
  std::vector<PlotPoint> means;
  for (std::size_t begin = 0; begin < points.size(); begin += window) {
    const std::size_t end = std::min(begin + window, points.size());
    PlotPoint mean;
    for (std::size_t i = begin; i < end; ++i) {
      mean.x += points[i].x / static_cast<double>(end - begin);
      mean.y += points[i].y / static_cast<double>(end - begin);
    }
    means.push_back(mean);
  }
  return means;
}

std::string readable(std::string text) {
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

}  // namespace

std::string curve_label(const StoredArm& arm, bool several_models) {
  std::string label = several_models ? arm.model : "";
  const auto add = [&](const std::string& part) { label += (label.empty() ? "" : ", ") + part; };
  if (!arm.group.empty()) add(arm.group);
  for (const auto& [key, value] : arm.varied.items()) {
    const std::string name = last_name(key);
    if (name == kWeightKey || name == kSeedKey || key == "model.path") continue;
    add(value.is_string() ? value.get<std::string>() : fmt::format("{} {}", name, value.dump()));
  }
  return label.empty() ? "trained" : label;
}

std::vector<Plot> metric_plots(const experiment::Results& results, bool main_ones) {
  std::vector<Plot> plots;
  std::map<std::string, bool> seen;
  for (const auto& evaluated : results.evaluations)
    for (const auto& measurement : evaluated.results.measurements) {
      if (is_main_metric(measurement.metric) != main_ones) continue;
      if (std::exchange(seen[row_label(measurement)], true)) continue;
      Plot plot = metric_plot(results, measurement);
      if (!plot.curves.empty()) plots.push_back(std::move(plot));
    }
  return plots;
}

std::vector<Plot> loss_plots(const std::vector<StoredLoss>& losses) {
  std::vector<Plot> plots;
  for (const auto& loss : losses) {
    const std::string name = file_name(fmt::format("loss-{}-{}", loss.split, loss.term));
    auto plot = std::find_if(plots.begin(), plots.end(), [&](const Plot& p) { return p.name == name; });
    if (plot == plots.end())
      plot = plots.insert(plot, {name,
                                 fmt::format("{}: {} loss", loss.split, readable(loss.term)),
                                 "step",
                                 "loss",
                                 {},
                                 {},
                                 loss.split != "train"});
    auto curve = std::find_if(plot->curves.begin(), plot->curves.end(),
                              [&](const Curve& c) { return c.label == loss.arm; });
    if (curve == plot->curves.end()) curve = plot->curves.insert(curve, {loss.arm, {}});
    curve->points.push_back({static_cast<double>(loss.step), loss.value, {}, {}});
  }
  for (auto& plot : plots)
    for (auto& curve : plot.curves) curve.points = averaged(curve.points);
  return plots;
}

}  // namespace conceptune::report
