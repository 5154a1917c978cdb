// Line plots drawn by gnuplot as SVG.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace conceptune::report {

struct PlotPoint {
  double x = 0, y = 0;
  /// Both ends of an error bar, or neither.
  std::optional<double> low, high;
  /// No line leads from it to the next point.
  bool is_apart = false;
  /// Words beside the mark.
  std::string text = {};
};

struct Curve {
  std::string label;
  std::vector<PlotPoint> points;
  /// Somebody else's numbers, to be told from one's own: thin and dotted.
  bool is_quoted = false;
};

/// A horizontal dashed line, e.g. the value of the base model.
struct Level {
  std::string label;
  double y = 0;
};

struct Plot {
  /// File name without extension.
  std::string name;
  std::string title, x_label, y_label;
  std::vector<Curve> curves;
  std::vector<Level> levels;
  /// Marks at the points; without them only lines are drawn.
  bool marks = true;
  /// Both axes are fitted to the data where nothing is said.
  std::optional<std::pair<double, double>> y_range = {};
  /// Names at places of the x axis, instead of numbers.
  std::vector<std::pair<double, std::string>> x_names = {};
};

/// Gives plots of one quantity the same vertical axis, so that they may be compared by eye.
void share_y_axis(const std::vector<Plot*>& plots);

/// The gnuplot program that draws `plot` into NAME.svg of the working folder; data included.
std::string gnuplot_script(const Plot& plot);

enum class DrawOutcome { drawn, failed, no_gnuplot };

/// Writes FOLDER/NAME.gp and lets gnuplot make FOLDER/NAME.svg; warns when that does not succeed.
DrawOutcome draw_plot(const Plot& plot, const std::filesystem::path& folder);

/// gnuplot's SVG made fit to stand among others in a page: without the XML header, with ids that begin with
/// `prefix`, in the page's text colour, of flexible width, described by `title`.
std::string inline_svg(std::string svg, const std::string& prefix, const std::string& title);

}  // namespace conceptune::report
