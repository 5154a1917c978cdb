// Line plots drawn by gnuplot as SVG.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace conceptune::report {

struct PlotPoint {
  double x = 0, y = 0;
  /// Both ends of an error bar, or neither.
  std::optional<double> low, high;
};

struct Curve {
  std::string label;
  std::vector<PlotPoint> points;
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
};

/// The gnuplot program that draws `plot` into NAME.svg of the working folder; data included.
std::string gnuplot_script(const Plot& plot);

enum class DrawOutcome { drawn, failed, no_gnuplot };

/// Writes FOLDER/NAME.gp and lets gnuplot make FOLDER/NAME.svg; warns when that does not succeed.
DrawOutcome draw_plot(const Plot& plot, const std::filesystem::path& folder);

/// gnuplot's SVG made fit to stand among others in a page: without the XML header, with ids that begin with
/// `prefix`, in the page's text colour, of flexible width, described by `title`.
std::string inline_svg(std::string svg, const std::string& prefix, const std::string& title);

}  // namespace conceptune::report
