#include "conceptune/report/paper_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conceptune/report/seed_mean.h"

namespace conceptune::report {
namespace {

constexpr double kBasePlace = -0.25;  // of the base model on the axis of λ
constexpr double kNoiseOffTheScale = 1;

/// What a figure shows of each curve.
struct Shown {
  bool with_noise = false;
  /// Leaves out noise at λ = 1, as the paper does: its perplexities would hide all others.
  bool without_full_noise = false;
};

std::string label_of(const Design& design, const DesignCurve& curve, bool with_method) {
  std::vector<std::string> parts;
  if (design.models().size() > 1) parts.push_back(curve.model);
  if (design.corpora().size() > 1) parts.push_back(curve.corpus);
  if (with_method) parts.emplace_back(curve.method == PaperMethod::noise ? "noise" : "concepts");
  if (!curve.other.empty()) parts.push_back(curve.other);
  return parts.empty() ? "concepts" : fmt::format("{}", fmt::join(parts, ", "));
}

/// The base where it is shown, then the weights.
std::vector<PlotPoint> points_of(const Design& design, const DesignCurve& curve, const Quantity& quantity,
                                 const Shown& shown) {
  std::vector<PlotPoint> points;
  for (const auto& [weight, arms] : curve.arms) {
    if (shown.without_full_noise && curve.method == PaperMethod::noise && weight == kNoiseOffTheScale)
      continue;
    if (const auto seeds = design.seeds_of(curve, weight, quantity); !seeds.empty())
      points.push_back(point_of(weight, mean_beside_base(seeds)));
  }
  if (points.size() < 2) return {};
  if (const auto* base = design.base_of(curve, quantity)) {
    PlotPoint first{kBasePlace, *base->value.value, {}, {}};
    first.is_apart = true;
    points.insert(points.begin(), first);
  }
  return points;
}

/// The paper's numbers along a curve; empty where they are of other models, corpora or sources.
Curve quoted_curve(const DesignCurve& curve, const Quantity& quantity, const Shown& shown,
                   const std::string& label) {
  Curve quoted{label + ", paper", {}, true};
  const auto model = paper_model_of(curve.model);
  if (!model || !quantity.paper) return quoted;
  for (const auto& [weight, arms] : curve.arms) {
    const auto row = paper_row_of(*arms.front());
    if (!row ||
        (shown.without_full_noise && row->method == PaperMethod::noise && weight == kNoiseOffTheScale))
      continue;
    if (const auto value = quantity.paper(*model, *row)) quoted.points.push_back({weight, *value, {}, {}});
  }
  return quoted;
}

void name_weights(Plot& plot) {
  std::set<double> places;
  for (const auto& curve : plot.curves)
    for (const auto& point : curve.points) places.insert(point.x);
  for (const double place : places)
    plot.x_names.emplace_back(place, place == kBasePlace ? "base" : fmt::format("{:.3g}", place));
}

Plot empty_panel(int figure, std::size_t index, const Quantity& quantity) {
  Plot plot;
  plot.name = fmt::format("paper-figure-{}-{}", figure, index + 1);
  plot.title = quantity.label + (quantity.higher_is_better ? " ↑" : " ↓");
  plot.x_label = "concept weight λ";
  plot.y_label = quantity.metric;
  return plot;
}

/// Panels of the same metric have one scale.
void share_axes(std::vector<Plot>& panels) {
  const auto metric_of = [](const Plot& plot) { return plot.title.substr(0, plot.title.find(',')); };
  for (const auto& panel : panels) {
    std::vector<Plot*> same;
    for (auto& other : panels)
      if (metric_of(other) == metric_of(panel)) same.push_back(&other);
    if (same.size() > 1) share_y_axis(same);
  }
}

std::vector<Plot> weight_panels(const Design& design, int figure, const std::vector<Quantity>& quantities,
                                const Shown& shown) {
  std::vector<Plot> panels;
  for (const auto& quantity : quantities) {
    Plot plot = empty_panel(figure, panels.size(), quantity);
    for (const DesignCurve* curve : design.on_all_words(true, shown.with_noise)) {
      const std::string label = label_of(design, *curve, shown.with_noise);
      auto points = points_of(design, *curve, quantity, shown);
      if (points.empty()) continue;
      plot.curves.push_back({label, std::move(points)});
      if (Curve quoted = quoted_curve(*curve, quantity, shown, label); !quoted.points.empty())
        plot.curves.push_back(std::move(quoted));
    }
    name_weights(plot);
    if (!plot.curves.empty()) panels.push_back(std::move(plot));
  }
  share_axes(panels);
  return panels;
}

/// λ = 1 minus λ = 0 by model, a curve for each corpus; the other way round where lower is better.
std::vector<Plot> model_panels(const Design& design, int figure, const std::vector<Quantity>& quantities) {
  std::vector<Plot> panels;
  for (const auto& quantity : quantities) {
    Plot plot = empty_panel(figure, panels.size(), quantity);
    plot.x_label = "base model";
    plot.y_label = quantity.higher_is_better ? "λ = 1 minus λ = 0" : "λ = 0 minus λ = 1";
    for (const auto& corpus : design.corpora()) {
      Curve line{"trained on " + corpus, {}};
      for (const DesignCurve* curve : design.on_all_words(true, false)) {
        const auto without = design.seeds_of(*curve, 0, quantity),
                   with = design.seeds_of(*curve, 1, quantity);
        if (curve->corpus != corpus || without.empty() || with.empty()) continue;
        const double gain = mean_over_seeds(with).value - mean_over_seeds(without).value;
        const auto place = std::ranges::find(design.models(), curve->model) - design.models().begin();
        line.points.push_back({static_cast<double>(place), quantity.higher_is_better ? gain : -gain, {}, {}});
      }
      if (line.points.size() > 1) plot.curves.push_back(std::move(line));
    }
    for (std::size_t i = 0; i < design.models().size(); ++i)
      plot.x_names.emplace_back(static_cast<double>(i), design.models()[i]);
    if (!plot.curves.empty()) panels.push_back(std::move(plot));
  }
  share_axes(panels);
  return panels;
}

/// Curves of concepts by proportion of words, for each model and corpus that has all proportions.
std::map<double, std::vector<const DesignCurve*>> by_proportion(const Design& design) {
  std::map<std::pair<std::string, std::string>, std::map<double, const DesignCurve*>> places;
  std::set<double> proportions;
  for (const auto& curve : design.curves()) {
    if (curve.method != PaperMethod::concepts) continue;
    places[{curve.model, curve.corpus}].try_emplace(curve.words, &curve);
    proportions.insert(curve.words);
  }
  std::map<double, std::vector<const DesignCurve*>> chosen;
  if (proportions.size() < 2) return chosen;
  for (const auto& [place, of_words] : places)
    if (of_words.size() == proportions.size())
      for (const auto& [words, curve] : of_words) chosen[words].push_back(curve);
  return chosen;
}

/// The mean over models and corpora at each weight that all of them have.
std::vector<PlotPoint> averaged(const Design& design, const std::vector<const DesignCurve*>& curves,
                                const Quantity& quantity) {
  std::vector<PlotPoint> points;
  for (const auto& [weight, arms] : curves.front()->arms) {
    PlotPoint point{weight, 0, {}, {}};
    bool all_have_it = true;
    for (const DesignCurve* curve : curves) {
      const auto seeds = design.seeds_of(*curve, weight, quantity);
      all_have_it = all_have_it && !seeds.empty();
      if (all_have_it) point.y += mean_over_seeds(seeds).value / static_cast<double>(curves.size());
    }
    if (all_have_it) points.push_back(point);
  }
  return points;
}

std::vector<Plot> proportion_panels(const Design& design, int figure,
                                    const std::vector<Quantity>& quantities) {
  const auto proportions = by_proportion(design);
  std::vector<Plot> panels;
  for (const auto& quantity : quantities) {
    Plot plot = empty_panel(figure, panels.size(), quantity);
    for (const auto& [words, curves] : proportions)
      if (auto points = averaged(design, curves, quantity); points.size() > 1)
        plot.curves.push_back({words_text(words), std::move(points)});
    name_weights(plot);
    if (plot.curves.size() > 1) panels.push_back(std::move(plot));
  }
  share_axes(panels);
  return panels;
}

std::vector<Quantity> both_domains(std::string_view perplexity, std::string_view accuracy) {
  return {Design::on_passages(perplexity, true), Design::on_passages(perplexity, false),
          Design::on_passages(accuracy, true), Design::on_passages(accuracy, false)};
}

}  // namespace

std::vector<PaperFigure> paper_figures(const Design& design) {
  const auto& similarities = design.similarities();
  const auto content = both_domains("content_perplexity", "content_accuracy");
  const std::vector<Quantity> perplexities(content.begin(), content.begin() + 2);
  const std::vector<Quantity> geometry = {Design::on_passages("clustering_score", true),
                                          Design::on_passages("centroid_similarity", true)};
  std::vector<Quantity> shown_by_some = {Design::on_passages("content_accuracy", true)};
  for (const auto& quantity : similarities)
    if (paper_similarity_column(quantity.label) == &PaperSimilarity::wordsim)
      shown_by_some.push_back(quantity);

  const Shown plain, with_noise{true, false}, with_readable_noise{true, true};
  std::vector<PaperFigure> figures = {
      {3, "Similarity as people see it", weight_panels(design, 3, similarities, plain)},
      {4, "Content words: perplexity and accuracy", weight_panels(design, 4, content, plain)},
      {5, "Geometry of the concepts", weight_panels(design, 5, geometry, plain)},
      {6, "What λ = 1 gains over λ = 0, by model: content-word perplexity",
       model_panels(design, 6, perplexities)},
      {9, "All tokens: perplexity and accuracy",
       weight_panels(design, 9, both_domains("global_perplexity", "global_accuracy"), plain)},
      {10, "What λ = 1 gains over λ = 0, by model: similarity", model_panels(design, 10, similarities)}};
  if (!design.on_all_words(false, true).empty()) {
    figures.push_back({7, "Concepts and random sets", weight_panels(design, 7, shown_by_some, with_noise)});
    figures.push_back(
        {11, "Similarity, with random sets", weight_panels(design, 11, similarities, with_noise)});
    figures.push_back({12, "Content words, with random sets (perplexity and accuracy without those at λ = 1)",
                       weight_panels(design, 12, content, with_readable_noise)});
    figures.push_back({13, "Geometry, with random sets", weight_panels(design, 13, geometry, with_noise)});
  }
  const char* const averages = "means over models and corpora, by share of the content words with concepts";
  figures.push_back({8, fmt::format("Content words and similarity, {}", averages),
                     proportion_panels(design, 8, shown_by_some)});
  figures.push_back(
      {14, fmt::format("Similarity, {}", averages), proportion_panels(design, 14, similarities)});
  figures.push_back({15, fmt::format("Content words, {}", averages), proportion_panels(design, 15, content)});
  figures.push_back({16, fmt::format("Geometry, {}", averages), proportion_panels(design, 16, geometry)});
  std::erase_if(figures, [](const PaperFigure& figure) { return figure.panels.empty(); });
  std::ranges::sort(figures, {}, &PaperFigure::number);
  return figures;
}

}  // namespace conceptune::report
