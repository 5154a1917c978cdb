// A table of texts and its forms: HTML, CSV, Markdown, LaTeX, plain text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace conceptune::report {

/// How a cell compares with its reference; shown by more than colour.
enum class Tone { neutral, better, worse };

/// A line of small type below a cell's text.
struct CellLine {
  std::string text;
  Tone tone = Tone::neutral;
};

/// A figure behind a cell, for machines: "low", "difference", or "" for the cell's own.
struct CellNumber {
  std::string name;
  std::optional<double> value;
};

struct Cell {
  std::string text = {};
  /// A second line in small type: an interval, a difference, the reason why there is no value.
  std::string detail = {};
  Tone tone = Tone::neutral;
  /// Lines after the second.
  std::vector<CellLine> further = {};
  /// What the texts are rounded from.
  std::vector<CellNumber> numbers = {};
  /// Shown in bold, as the best of its column.
  bool is_best = false;
};

/// A cell of one number, which `text` is rounded from.
inline Cell number_cell(std::optional<double> value, std::string text, std::string detail = "",
                        Tone tone = Tone::neutral) {
  return {std::move(text), std::move(detail), tone, {}, {{"", value}}};
}

struct Table {
  /// File name without extension.
  std::string name;
  std::string caption;
  std::vector<std::string> columns;
  /// As many cells a row as columns; the first cell names the row.
  std::vector<std::vector<Cell>> rows;
};

/// "▲ " or "▼ " in HTML, said in words to those who do not see it; nothing where neutral.
std::string_view tone_mark(Tone tone);

/// A <table> with caption, header scopes and a wrapper that scrolls on narrow screens; a cell's first number
/// is what it is sorted by.
std::string to_html(const Table& table);
/// RFC 4180. A column with numbers becomes a column for each of their names, "men difference", with all
/// digits and empty where a cell has none; in others a detail follows its text after a space.
std::string to_csv(const Table& table);
/// A pipe table with the caption above.
std::string to_markdown(const Table& table);
/// A tabular with booktabs rules inside a table environment.
std::string to_latex(const Table& table);
/// Columns aligned with spaces, for a terminal: control characters are made visible, so that a row is a line.
std::string to_plain_text(const Table& table);

}  // namespace conceptune::report
