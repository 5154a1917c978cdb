#include "conceptune/report/escapes.h"

#include <charconv>
#include <system_error>

#include "conceptune/base/utf8.h"

namespace conceptune::report {
namespace {

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

std::string escape_markdown(std::string_view text) {
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

std::string csv_field(const std::string& content) {
  const std::string text = is_formula(content) ? "'" + content : content;
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

}  // namespace conceptune::report
