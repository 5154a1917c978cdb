#include "conceptune/report/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <system_error>

#include "conceptune/base/utf8.h"
#include "conceptune/base/visible_text.h"

namespace conceptune::report {
namespace {

std::string joined(const Cell& cell) {
  if (cell.text.empty() || cell.detail.empty()) return cell.text + cell.detail;
  return cell.text + " " + cell.detail;
}

bool is_number(const std::string& text) {
  double value = 0;
  const char* const begin = text.data() + (text.starts_with('+') ? 1 : 0);
  const auto [end, error] = std::from_chars(begin, text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

/// Spreadsheets compute what begins so, whoever wrote it (OWASP, "CSV Injection"); an apostrophe makes it
/// text.
bool is_formula(const std::string& text) {
  return text.find_first_of("=+-@\t\r") == 0 && text.size() > 1 && !is_number(text);
}

std::string csv_field(const std::string& content) {
  const std::string text = is_formula(content) ? "'" + content : content;
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

std::string markdown_cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\n') {
      escaped += ' ';
      continue;
    }
    if (std::string_view("\\`*_[]<>|").find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

/// Words of a reading aid for those who do not see colours.
std::string_view tone_mark(Tone tone) {
  if (tone == Tone::better) return "<span class=\"better\" title=\"better\">▲</span> ";
  if (tone == Tone::worse) return "<span class=\"worse\" title=\"worse\">▼</span> ";
  return "";
}

std::string html_cell(const Cell& cell) {
  std::string html = escape_html(cell.text);
  if (cell.detail.empty()) return html;
  return fmt::format("{}<small>{}{}</small>", html, tone_mark(cell.tone), escape_html(cell.detail));
}

std::size_t width_of(std::string_view text) { return decode_utf8(text).size(); }

}  // namespace

std::string escape_html(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string escape_latex(std::string_view text) {
  std::string escaped;
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint point = code_point_at(text, i);
    const std::string_view bytes = text.substr(i, point.size);
    i += point.size;
    switch (point.value) {
      case U'\\':
        escaped += "\\textbackslash{}";
        break;
      case U'~':
        escaped += "\\textasciitilde{}";
        break;
      case U'^':
        escaped += "\\textasciicircum{}";
        break;
      case U'λ':
        escaped += "$\\lambda$";
        break;
      case U'Δ':
        escaped += "$\\Delta$";
        break;
      case U'−':
        escaped += "$-$";
        break;
      case U'↑':
        escaped += "$\\uparrow$";
        break;
      case U'↓':
        escaped += "$\\downarrow$";
        break;
      case U'&':
      case U'%':
      case U'$':
      case U'#':
      case U'_':
      case U'{':
      case U'}':
        escaped += '\\';
        [[fallthrough]];
      default:
        escaped += bytes;
    }
  }
  return escaped;
}

std::string to_html(const Table& table) {
  std::string html = fmt::format(
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{0}\">"
      "<table><caption>{0}</caption>\n<thead><tr>",
      escape_html(table.caption));
  for (const auto& column : table.columns)
    html += fmt::format("<th scope=\"col\">{}</th>", escape_html(column));
  html += "</tr></thead>\n<tbody>\n";
  for (const auto& row : table.rows) {
    html += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string content = html_cell(row[i]);
      html += i == 0 ? "<th scope=\"row\">" + content + "</th>" : "<td>" + content + "</td>";
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

std::string to_csv(const Table& table) {
  std::string csv;
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    csv.append(i ? "," : "").append(csv_field(table.columns[i]));
  csv += "\n";
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) csv.append(i ? "," : "").append(csv_field(joined(row[i])));
    csv += "\n";
  }
  return csv;
}

std::string to_markdown(const Table& table) {
  std::string text = markdown_cell(table.caption) + "\n\n|";
  for (const auto& column : table.columns) text.append(" ").append(markdown_cell(column)).append(" |");
  text += "\n|";
  for (std::size_t i = 0; i < table.columns.size(); ++i) text += i ? "---:|" : "---|";
  text += "\n";
  for (const auto& row : table.rows) {
    text += "|";
    for (const auto& cell : row) text.append(" ").append(markdown_cell(joined(cell))).append(" |");
    text += "\n";
  }
  return text;
}

std::string to_latex(const Table& table) {
  std::string text =
      fmt::format("% needs \\usepackage{{booktabs}}\n\\begin{{table}}\n\\centering\n\\caption{{{}}}\n",
                  escape_latex(table.caption));
  const std::string alignment(table.columns.empty() ? 0 : table.columns.size() - 1, 'r');
  text += "\\begin{tabular}{l" + alignment + "}\n\\toprule\n";
  const auto add_row = [&](const auto& items, const auto& text_of) {
    for (std::size_t i = 0; i < items.size(); ++i)
      text.append(i ? " & " : "").append(escape_latex(text_of(items[i])));
    text += " \\\\\n";
  };
  add_row(table.columns, [](const std::string& column) { return column; });
  text += "\\midrule\n";
  for (const auto& row : table.rows) add_row(row, joined);
  return text + "\\bottomrule\n\\end{tabular}\n\\end{table}\n";
}

std::string to_plain_text(const Table& table) {
  std::vector<std::vector<std::string>> lines(1);
  for (const auto& column : table.columns) lines.front().push_back(visible_text(column));
  for (const auto& row : table.rows) {
    auto& line = lines.emplace_back();
    for (const auto& cell : row) line.push_back(visible_text(joined(cell)));
  }
  std::vector<std::size_t> widths(table.columns.size());
  for (const auto& line : lines)
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], width_of(line[i]));
  std::string text;
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      const std::string& item = line[i];
      const std::string padding(widths[i] - width_of(item), ' ');
      if (i == 0)
        text.append(item).append(padding);
      else
        text.append("  ").append(padding).append(item);
    }
    text += "\n";
  }
  return text;
}

}  // namespace conceptune::report
