#include "conceptune/report/plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <regex>
#include <system_error>

#include "conceptune/base/child_process.h"
#include "conceptune/base/file.h"
#include "conceptune/base/messages.h"
#include "conceptune/base/utf8.h"
#include "conceptune/report/escapes.h"

namespace conceptune::report {
namespace {

namespace fs = std::filesystem;

// Okabe and Ito's colours, told apart by readers with any colour vision; black is left to the text.
constexpr const char* kColours[] = {"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00"};

// In pixels of the drawing, so small that its letters can be read where it is shown on a telephone; its
// height is for a legend of one row.
constexpr int kWidth = 420, kHeight = 320;
constexpr int kLegendRowHeight = 18;

// What the widest letters of a legend take, a sample as five of them, and what there is for a row.
constexpr double kLetterWidth = 7.5, kLegendWidth = 400;
constexpr std::size_t kSampleLetters = 5;
// Below the legend's rows and above them, up to the axis.
constexpr int kLegendFoot = 8, kAxisLabels = 58;

/// The drawing's colours as the page's, which differ between light and dark; see page/page.css.
std::string in_page_colours(std::string svg) {
  const auto replace = [&svg](int red, int green, int blue, const std::string& name) {
    const std::string written = fmt::format("rgb({:3}, {:3}, {:3})", red, green, blue);
    for (std::size_t at = 0; (at = svg.find(written, at)) != std::string::npos; at += name.size())
      svg.replace(at, written.size(), name);
  };
  for (std::size_t i = 0; i < std::size(kColours); ++i) {
    const int value = std::stoi(kColours[i] + 1, nullptr, 16);
    replace(value >> 16, (value >> 8) & 0xff, value & 0xff, fmt::format("var(--series-{})", i + 1));
  }
  replace(190, 190, 190, "var(--line)");  // the grid's gray
  return svg;
}

/// A gnuplot string in single quotes, where only the quote itself is special.
std::string in_quotes(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\n') continue;
    result += c == '\'' ? std::string("''") : std::string(1, c);
  }
  return result + "'";
}

/// A text as the last column of a line of a data block; empty where there is none.
std::string text_column(std::string_view text) {
  if (text.empty()) return {};
  std::string column = " \"";
  for (const char c : text) column += c == '"' || c == '\n' || c == '\\' ? ' ' : c;
  return column + '"';
}

std::string data_block(const Curve& curve, std::size_t index) {
  std::string text = fmt::format("$curve{} << END\n", index);
  for (const auto& point : curve.points)
    text += fmt::format("{} {} {} {}{}\n{}", point.x, point.y, point.low.value_or(point.y),
                        point.high.value_or(point.y), text_column(point.text), point.is_apart ? "\n" : "");
  return text + "END\n";
}

bool has_error_bars(const Curve& curve) {
  for (const auto& point : curve.points)
    if (point.low) return true;
  return false;
}

/// Legend below the drawing: in as many columns as the longest label leaves room for, and its rows.
struct Legend {
  int columns = 1;
  int rows = 1;
};

Legend legend_of(const Plot& plot) {
  std::size_t longest = 0;
  for (const auto& curve : plot.curves) longest = std::max(longest, decode_utf8(curve.label).size());
  for (const auto& level : plot.levels) longest = std::max(longest, decode_utf8(level.label).size());
  const int entries = std::max(1, static_cast<int>(plot.curves.size() + plot.levels.size()));
  const double column_width = kLetterWidth * static_cast<double>(longest + kSampleLetters);
  const int columns = std::clamp(static_cast<int>(kLegendWidth / column_width), 1, entries);
  return {columns, (entries + columns - 1) / columns};
}

std::string plot_elements(const Plot& plot) {
  std::vector<std::string> elements;
  for (std::size_t i = 0; i < plot.curves.size(); ++i) {
    const char* colour = kColours[i % std::size(kColours)];
    const std::size_t dashes = 1 + i / std::size(kColours);  // solid until colours come again
    const std::size_t mark = 4 + i % 10;
    if (has_error_bars(plot.curves[i]))
      elements.push_back(fmt::format(
          "$curve{} using 1:2:3:4 with yerrorbars lw 1.5 pt {} ps 0.6 lc rgb '{}' notitle", i, mark, colour));
    const bool is_quoted = plot.curves[i].is_quoted;
    elements.push_back(fmt::format(
        "$curve{} using 1:2 with {} lw {} dt {} {}lc rgb '{}' title {}", i,
        plot.marks ? "linespoints" : "lines", is_quoted ? 1 : 2, is_quoted ? 3 : dashes,
        plot.marks ? fmt::format("pt {} ps 0.6 ", mark) : "", colour, in_quotes(plot.curves[i].label)));
    if (std::ranges::any_of(plot.curves[i].points, [](const auto& point) { return !point.text.empty(); }))
      elements.push_back(fmt::format(
          "$curve{} using 1:2:5 with labels left offset char 0.7,0.5 font ',11' textcolor rgb '{}' notitle",
          i, colour));
  }
  for (std::size_t i = 0; i < plot.levels.size(); ++i)
    elements.push_back(fmt::format("{} with lines lw 1.5 dt {} lc rgb 'black' title {}", plot.levels[i].y,
                                   2 + i % 4, in_quotes(plot.levels[i].label)));
  std::string text;
  for (const auto& element : elements) text.append(text.empty() ? "plot " : ", \\\n     ").append(element);
  return text + "\n";
}

/// The x axis where it has names: they have room on both sides.
std::string x_axis(const Plot& plot) {
  if (plot.x_names.empty()) return {};
  std::string names;
  for (const auto& [x, name] : plot.x_names)
    names += fmt::format("{}{} {}", names.empty() ? "" : ", ", in_quotes(name), x);
  return fmt::format("set xtics ({})\n", names);
}

}  // namespace

void share_y_axis(const std::vector<Plot*>& plots) {
  std::optional<std::pair<double, double>> range;
  for (const Plot* plot : plots)
    for (const auto& curve : plot->curves)
      for (const auto& point : curve.points)
        for (const double y : {point.y, point.low.value_or(point.y), point.high.value_or(point.y)})
          range = range ? std::pair(std::min(range->first, y), std::max(range->second, y)) : std::pair(y, y);
  if (!range) return;
  for (Plot* plot : plots) plot->y_range = range;
}

std::string gnuplot_script(const Plot& plot) {
  const Legend legend = legend_of(plot);
  const int height = kHeight + kLegendRowHeight * (legend.rows - 1);
  std::string script = fmt::format(
      "set terminal svg size {},{} font 'sans-serif,13' noenhanced\nset output {}\n"
      "set title {}\nset xlabel {}\nset ylabel {}\n"
      "set key at screen 0.02,{} left bottom vertical maxrows {} Left reverse samplen 2 width 0 font ',12'\n"
      "set bmargin at screen {:.4f}\nset pointintervalbox 0\nset grid lc rgb 'gray'\nset border 3\n"
      "set tics nomirror\nset autoscale fix\n"
      "set offsets graph 0.04, graph 0.04, graph 0.06, graph 0.06\n",
      kWidth, height, in_quotes(plot.name + ".svg"), in_quotes(plot.title), in_quotes(plot.x_label),
      in_quotes(plot.y_label), fmt::format("{:.4f}", kLegendFoot / static_cast<double>(height)), legend.rows,
      (kLegendFoot + kLegendRowHeight * legend.rows + kAxisLabels) / static_cast<double>(height));
  if (plot.y_range) script += fmt::format("set yrange [{}:{}]\n", plot.y_range->first, plot.y_range->second);
  script += x_axis(plot);
  for (std::size_t i = 0; i < plot.curves.size(); ++i) script += data_block(plot.curves[i], i);
  return script + plot_elements(plot);
}

DrawOutcome draw_plot(const Plot& plot, const fs::path& folder) {
  const std::string script = plot.name + ".gp";
  write_file_atomically(folder / script, gnuplot_script(plot));
  const int status = run_child({"gnuplot", script}, folder).status;
  if (status == 0) return DrawOutcome::drawn;
  if (status < 0) {
    warn(
        fmt::format("no figures: gnuplot could not be started ({}); install gnuplot-nox and run "
                    "'conceptune report' again",
                    std::generic_category().message(-status)));
    return DrawOutcome::no_gnuplot;
  }
  warn(fmt::format("no figure {}: gnuplot failed with status {} on {}", plot.name, status,
                   (folder / script).string()));
  return DrawOutcome::failed;
}

std::string inline_svg(std::string svg, const std::string& prefix, const std::string& title) {
  const auto begin = svg.find("<svg");
  if (begin == std::string::npos) return {};
  svg.erase(0, begin);
  static const std::regex header("<svg[^>]*?viewBox=\"([^\"]*)\"[^>]*>");
  static const std::regex ids(R"((\bid\s*=\s*)(["'])([^"']*)\2)");
  static const std::regex links(R"((xlink:href\s*=\s*["']#))");
  static const std::regex black(R"((\s)(stroke|fill|color)\s*=\s*(["'])(black|rgb\(\s*0,\s*0,\s*0\))\3)");
  static const std::regex inherited("(\\s)color=\"currentColor\"");
  static const std::regex titles("<(title|desc)>[^<]*</\\1>");
  const std::string opening = fmt::format(
      "<svg viewBox=\"$1\" role=\"img\" aria-label=\"{}\" xmlns=\"http://www.w3.org/2000/svg\" "
      "xmlns:xlink=\"http://www.w3.org/1999/xlink\">",
      escape_html(title));
  svg = std::regex_replace(svg, header, opening, std::regex_constants::format_first_only);
  svg = std::regex_replace(svg, titles, "");
  svg = std::regex_replace(svg, ids, "$1$2" + prefix + "$3$2");
  svg = std::regex_replace(svg, links, "$1" + prefix);
  svg = std::regex_replace(svg, black, "$1$2=\"currentColor\"");
  svg = in_page_colours(std::move(svg));
  return std::regex_replace(svg, inherited, "");  // the colour of the element around it
}

}  // namespace conceptune::report
