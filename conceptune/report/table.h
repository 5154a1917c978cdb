// A table of texts and its forms: HTML, CSV, Markdown, LaTeX, plain text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace conceptune::report {

/// How a cell compares with its reference; shown by more than colour.
enum class Tone { neutral, better, worse };

struct Cell {
  std::string text;
  /// A second line in small type: an interval, a difference, the reason why there is no value.
  std::string detail;
  Tone tone = Tone::neutral;
};

struct Table {
  /// File name without extension.
  std::string name;
  std::string caption;
  std::vector<std::string> columns;
  /// As many cells a row as columns; the first cell names the row.
  std::vector<std::vector<Cell>> rows;
};

std::string escape_html(std::string_view text);
std::string escape_latex(std::string_view text);

/// A <table> with caption, header scopes and a wrapper that scrolls on narrow screens.
std::string to_html(const Table& table);
/// RFC 4180; a detail follows its text after a space. Text that a spreadsheet would compute as a formula gets
/// an apostrophe in front.
std::string to_csv(const Table& table);
/// A pipe table with the caption above.
std::string to_markdown(const Table& table);
/// A tabular with booktabs rules inside a table environment.
std::string to_latex(const Table& table);
/// Columns aligned with spaces, for a terminal: control characters are made visible, so that a row is a line.
std::string to_plain_text(const Table& table);

}  // namespace conceptune::report
