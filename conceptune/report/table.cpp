#include "conceptune/report/table.h"

#include <fmt/format.h>

#include <algorithm>

#include "conceptune/base/utf8.h"
#include "conceptune/base/visible_text.h"
#include "conceptune/report/escapes.h"

namespace conceptune::report {
namespace {

/// All that a cell says, in one line.
std::string joined(const Cell& cell) {
  std::string text = cell.text;
  const auto add = [&](const std::string& more) {
    if (!more.empty()) text.append(text.empty() ? "" : " ").append(more);
  };
  add(cell.detail);
  for (const auto& line : cell.further) add(line.text);
  return text;
}

std::string html_line(const std::string& text, Tone tone) {
  if (text.empty()) return {};
  // Figures stay in one line; a remark that names a number does not.
  constexpr std::size_t kLongest = 24;
  const bool of_figures = text.size() <= kLongest && text.find_first_of("0123456789") != std::string::npos;
  const std::string_view kind = of_figures ? " class=\"figures\"" : "";
  return fmt::format("<small{}>{}{}</small>", kind, tone_mark(tone), escape_html(text));
}

std::string html_content(const Cell& cell) {
  std::string html = escape_html(cell.text);
  if (cell.is_best) html = "<b>" + html + "</b>";
  html += html_line(cell.detail, cell.tone);
  for (const auto& line : cell.further) html += html_line(line.text, line.tone);
  return html;
}

/// Whether a column is of words, to be read from the left, not of figures.
bool is_of_words(const Table& table, std::size_t column) {
  constexpr std::ptrdiff_t kLetters = 3;
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  std::size_t words = 0, filled = 0;
  for (const auto& row : table.rows) {
    if (column >= row.size() || row[column].text.empty()) continue;
    ++filled;
    const std::string& text = row[column].text;
    if (row[column].numbers.empty() && std::count_if(text.begin(), text.end(), is_letter) >= kLetters)
      ++words;
  }
  return 2 * words > filled;
}

std::string html_cell(const Cell& cell, std::size_t column, bool of_words) {
  const std::string content = html_content(cell);
  std::string value;
  if (!cell.numbers.empty() && cell.numbers[0].value)
    value = fmt::format(" data-value=\"{}\"", *cell.numbers[0].value);
  if (column == 0) return fmt::format("<th scope=\"row\"{}>{}</th>", value, content);
  return fmt::format("<td{}{}>{}</td>", of_words ? " class=\"words\"" : "", value, content);
}

/// The names of the numbers in a column, in the order in which they first come.
std::vector<std::string> numbers_of(const Table& table, std::size_t column) {
  std::vector<std::string> names;
  for (const auto& row : table.rows)
    if (column < row.size())
      for (const auto& number : row[column].numbers)
        if (std::find(names.begin(), names.end(), number.name) == names.end()) names.push_back(number.name);
  return names;
}

std::string number_named(const Cell& cell, const std::string& name) {
  for (const auto& number : cell.numbers)
    if (number.name == name && number.value) return fmt::format("{}", *number.value);
  return {};
}

void append_line(std::string& csv, const std::vector<std::string>& fields) {
  for (std::size_t i = 0; i < fields.size(); ++i) csv.append(i ? "," : "").append(csv_field(fields[i]));
  csv += "\n";
}

std::size_t width_of(std::string_view text) { return decode_utf8(text).size(); }

}  // namespace

std::string_view tone_mark(Tone tone) {
  if (tone == Tone::better) return "<span class=\"better\" title=\"better\">▲</span> ";
  if (tone == Tone::worse) return "<span class=\"worse\" title=\"worse\">▼</span> ";
  return "";
}

std::string to_html(const Table& table) {
  std::string html = fmt::format(
      "<div class=\"table\"><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{0}\">"
      "<table><caption>{0}</caption>\n<thead><tr>",
      escape_html(table.caption));
  std::vector<bool> of_words;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    of_words.push_back(is_of_words(table, i));
    html += fmt::format("<th scope=\"col\"{}>{}</th>", of_words[i] ? " class=\"words\"" : "",
                        escape_html(table.columns[i]));
  }
  html += "</tr></thead>\n<tbody>\n";
  for (const auto& row : table.rows) {
    html += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i)
      html += html_cell(row[i], i, i < of_words.size() && of_words[i]);
    html += "</tr>\n";
  }
  return html + "</tbody></table></div></div>\n";
}

std::string to_csv(const Table& table) {
  std::vector<std::vector<std::string>> numbers;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    numbers.push_back(numbers_of(table, i));
    if (numbers[i].empty()) names.push_back(table.columns[i]);
    for (const auto& name : numbers[i]) names.push_back(table.columns[i] + (name.empty() ? "" : " " + name));
  }
  std::string csv;
  append_line(csv, names);
  for (const auto& row : table.rows) {
    std::vector<std::string> fields;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (numbers[i].empty()) fields.push_back(joined(row[i]));
      for (const auto& name : numbers[i]) fields.push_back(number_named(row[i], name));
    }
    append_line(csv, fields);
  }
  return csv;
}

std::string to_markdown(const Table& table) {
  std::string text = escape_markdown(table.caption) + "\n\n|";
  for (const auto& column : table.columns) text.append(" ").append(escape_markdown(column)).append(" |");
  text += "\n|";
  for (std::size_t i = 0; i < table.columns.size(); ++i) text += i ? "---:|" : "---|";
  text += "\n";
  for (const auto& row : table.rows) {
    text += "|";
    for (const auto& cell : row) {
      const std::string_view bold = cell.is_best ? "**" : "";
      text += fmt::format(" {0}{1}{0} |", bold, escape_markdown(joined(cell)));
    }
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
    for (std::size_t i = 0; i < items.size(); ++i) text.append(i ? " & " : "").append(text_of(items[i]));
    text += " \\\\\n";
  };
  add_row(table.columns, [](const std::string& column) { return escape_latex(column); });
  text += "\\midrule\n";
  for (const auto& row : table.rows)
    add_row(row, [](const Cell& cell) {
      const std::string content = escape_latex(joined(cell));
      return cell.is_best ? "\\textbf{" + content + "}" : content;
    });
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
