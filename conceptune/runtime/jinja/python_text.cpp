#include "conceptune/runtime/jinja/python_text.h"

#include <algorithm>
#include <cstring>

#include "conceptune/base/python_characters.h"
#include "conceptune/base/utf8.h"

namespace conceptune::jinja {
namespace {

bool is_line_end(char32_t c) {
  return (c >= 0x0A && c <= 0x0D) || (c >= 0x1C && c <= 0x1E) || c == 0x85 || c == 0x2028 || c == 0x2029;
}

/// Bytes of the character that ends the text, which is not empty.
std::size_t size_of_last(std::string_view text) {
  std::size_t size = 1;
  while ((static_cast<unsigned char>(text[text.size() - size]) & 0xC0U) == 0x80) ++size;
  return size;
}

Text reversed_bytes(Budget& budget, std::string_view text) {
  return Text(text.rbegin(), text.rend(), &budget);
}

/// Bytes before the first character that does not belong, or that does.
template <class Belongs>
std::size_t run_length(Budget& budget, std::string_view text, bool wanted, Belongs belongs) {
  std::size_t size = 0;
  while (size < text.size()) {
    const auto c = code_point_at(text, size);
    if (belongs(c.value) != wanted) break;
    size += c.size;
  }
  budget.read(size);
  return size;
}

Text interspersed(Budget& budget, std::string_view text, std::string_view to, std::int64_t most) {
  Text result(&budget);
  const auto starts = character_starts(budget, text);
  for (std::size_t i = 0; i < starts.size(); ++i) {
    if (most < 0 || static_cast<std::int64_t>(i) < most) result += to;
    if (i + 1 < starts.size()) result += text.substr(starts[i], starts[i + 1] - starts[i]);
  }
  return result;
}

}  // namespace

std::size_t find_text(Budget& budget, std::string_view text, std::string_view sought, std::size_t from) {
  if (sought.empty() && from <= text.size()) return from;
  if (from >= text.size()) return std::string_view::npos;
  // memmem takes time in proportion to the text, whatever is sought.
  const auto* found =
      static_cast<const char*>(memmem(text.data() + from, text.size() - from, sought.data(), sought.size()));
  const auto position = found ? static_cast<std::size_t>(found - text.data()) : text.size();
  budget.step();
  budget.read(position - from);
  return found ? position : std::string_view::npos;
}

std::string_view stripped(Budget& budget, std::string_view text, Ends ends,
                          std::optional<std::string_view> characters) {
  const auto goes = [&](std::string_view character) {
    if (!characters) return is_python_space(code_point_at(character, 0).value);
    return !characters->empty() && find_text(budget, *characters, character) != std::string_view::npos;
  };
  budget.read(text.size());
  while (ends != Ends::right && !text.empty()) {
    const auto size = code_point_at(text, 0).size;
    if (!goes(text.substr(0, size))) break;
    text.remove_prefix(size);
  }
  while (ends != Ends::left && !text.empty()) {
    const auto size = size_of_last(text);
    if (!goes(text.substr(text.size() - size))) break;
    text.remove_suffix(size);
  }
  return text;
}

TextParts split(Budget& budget, std::string_view text, std::string_view separator, std::int64_t most) {
  TextParts parts(&budget);
  std::size_t begin = 0;
  for (std::int64_t cuts = 0; most < 0 || cuts < most; ++cuts) {
    const auto at = find_text(budget, text, separator, begin);
    if (at == std::string_view::npos) break;
    parts.push_back(text.substr(begin, at - begin));
    begin = at + separator.size();
  }
  parts.push_back(text.substr(begin));
  return parts;
}

TextParts split_from_right(Budget& budget, std::string_view text, std::string_view separator,
                           std::int64_t most) {
  const auto mirrored = reversed_bytes(budget, text);
  auto parts = split(budget, mirrored, reversed_bytes(budget, separator), most);
  std::ranges::reverse(parts);
  for (auto& part : parts) {
    const auto end = text.size() - static_cast<std::size_t>(part.data() - mirrored.data());
    part = text.substr(end - part.size(), part.size());
  }
  return parts;
}

TextParts split_at_spaces(Budget& budget, std::string_view text, std::int64_t most) {
  TextParts parts(&budget);
  while (true) {
    text.remove_prefix(run_length(budget, text, true, is_python_space));
    if (text.empty()) return parts;
    const bool is_rest = most >= 0 && static_cast<std::int64_t>(parts.size()) == most;
    const auto size = is_rest ? text.size() : run_length(budget, text, false, is_python_space);
    parts.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
}

TextParts split_lines(Budget& budget, std::string_view text, bool with_ends) {
  TextParts lines(&budget);
  while (!text.empty()) {
    const auto size = run_length(budget, text, false, is_line_end);
    std::size_t end = 0;
    if (size < text.size()) end = text.substr(size).starts_with("\r\n") ? 2 : code_point_at(text, size).size;
    lines.push_back(text.substr(0, size + (with_ends ? end : 0)));
    text.remove_prefix(size + end);
  }
  return lines;
}

Text replaced(Budget& budget, std::string_view text, std::string_view from, std::string_view to,
              std::int64_t most) {
  if (from.empty()) return interspersed(budget, text, to, most);
  Text result(&budget);
  std::size_t begin = 0;
  for (std::int64_t count = 0; most < 0 || count < most; ++count) {
    const auto at = find_text(budget, text, from, begin);
    if (at == std::string_view::npos) break;
    result.append(text.substr(begin, at - begin)).append(to);
    begin = at + from.size();
  }
  result.append(text.substr(begin));
  return result;
}

std::int64_t count_of(Budget& budget, std::string_view text, std::string_view sought) {
  if (sought.empty()) return length_of(budget, text) + 1;
  std::int64_t count = 0;
  for (auto at = find_text(budget, text, sought); at != std::string_view::npos;
       at = find_text(budget, text, sought, at + sought.size()))
    ++count;
  return count;
}

std::pmr::vector<std::uint32_t> character_starts(Budget& budget, std::string_view text) {
  std::pmr::vector<std::uint32_t> starts(&budget);
  starts.reserve(static_cast<std::size_t>(length_of(budget, text)) + 1);
  for (std::size_t i = 0; i < text.size(); i += code_point_at(text, i).size)
    starts.push_back(static_cast<std::uint32_t>(i));
  starts.push_back(static_cast<std::uint32_t>(text.size()));
  return starts;
}

std::int64_t length_of(Budget& budget, std::string_view text) {
  budget.read(text.size());
  return static_cast<std::int64_t>(count_code_points(text));
}

}  // namespace conceptune::jinja
