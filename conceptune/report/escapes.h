// Texts as parts of HTML, LaTeX, Markdown and CSV.
#pragma once

#include <string>
#include <string_view>

namespace conceptune::report {

std::string escape_html(std::string_view text);
std::string escape_latex(std::string_view text);
/// For a cell of a pipe table: a line feed becomes a space.
std::string escape_markdown(std::string_view text);
/// RFC 4180. Text that a spreadsheet would compute as a formula gets an apostrophe in front.
std::string csv_field(const std::string& content);

}  // namespace conceptune::report
