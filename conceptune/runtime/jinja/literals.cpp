#include "conceptune/runtime/jinja/literals.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>

#include "conceptune/base/utf8.h"

namespace conceptune::jinja {
namespace {

constexpr std::string_view kDecimal = "0123456789", kHexadecimal = "0123456789abcdefABCDEF";

char at(std::string_view text, std::size_t i) { return i < text.size() ? text[i] : '\0'; }

bool is_digit_of(std::string_view digits, char c) {
  return c != '\0' && digits.find(c) != std::string_view::npos;
}

/// Where digits with single underscores between them end; `begin` where there are none. An underscore may
/// come first if so asked.
std::size_t after_digits(std::string_view text, std::size_t begin, std::string_view digits,
                         bool after_prefix = false) {
  auto i = begin;
  while (true) {
    const bool may_separate = i > begin || after_prefix;
    const auto digit = i + (may_separate && at(text, i) == '_' ? 1 : 0);
    if (!is_digit_of(digits, at(text, digit))) return i;
    i = digit + 1;
  }
}

std::size_t after_float(std::string_view text, std::size_t begin) {
  const auto whole = after_digits(text, begin, kDecimal);
  if (whole == begin) return begin;
  auto end = begin;
  auto fraction = whole;
  if (at(text, whole) == '.') fraction = after_digits(text, whole + 1, kDecimal);
  if (fraction > whole + 1) end = fraction;
  const auto exponent_at = end > begin ? end : whole;
  if (at(text, exponent_at) != 'e' && at(text, exponent_at) != 'E') return end;
  const auto digits =
      exponent_at + (at(text, exponent_at + 1) == '+' || at(text, exponent_at + 1) == '-' ? 2 : 1);
  const auto exponent = after_digits(text, digits, kDecimal);
  return exponent > digits ? exponent : end;
}

/// Base of an integer that begins with 0b, 0o or 0x, or 10.
int base_of(std::string_view text, std::size_t begin) {
  if (at(text, begin) != '0') return 10;
  const char letter = static_cast<char>(at(text, begin + 1) | 0x20);
  return letter == 'b' ? 2 : letter == 'o' ? 8 : letter == 'x' ? 16 : 10;
}

std::size_t after_integer(std::string_view text, std::size_t begin) {
  if (const int base = base_of(text, begin); base != 10) {
    const auto digits = base == 16 ? kHexadecimal : kDecimal.substr(0, static_cast<std::size_t>(base));
    const auto end = after_digits(text, begin + 2, digits, true);
    if (end > begin + 2) return end;
  }
  return after_digits(text, begin, at(text, begin) == '0' ? "0" : kDecimal);
}

std::optional<std::uint32_t> digits_value(std::string_view digits, int base) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

/// The character that an escape stands for where it is one of a single letter, or -1.
int simple_escape(char letter) {
  static constexpr std::string_view kLetters = "abfnrtv\\'\"", kValues = "\a\b\f\n\r\t\v\\'\"";
  const auto found = kLetters.find(letter);
  return found == std::string_view::npos ? -1 : kValues[found];
}

}  // namespace

std::string_view number_literal(std::string_view source, std::size_t position) {
  auto end = position;
  if (position == 0 || source[position - 1] != '.') end = after_float(source, position);
  if (end == position) end = after_integer(source, position);
  return source.substr(position, end - position);
}

std::optional<std::string> plain_number(std::string_view literal) {
  std::string text(literal);
  std::erase(text, '_');
  const int base = base_of(text, 0);
  if (base == 10 && text.find_first_not_of(kDecimal) != std::string::npos) {
    double value = 0;
    const auto error = std::from_chars(text.data(), text.data() + text.size(), value).ec;
    if (error != std::errc() || !std::isfinite(value)) return std::nullopt;
    return text;
  }
  std::int64_t value = 0;
  const auto prefix = base == 10 ? 0 : 2;
  if (std::from_chars(text.data() + prefix, text.data() + text.size(), value, base).ec != std::errc())
    return std::nullopt;
  return std::to_string(value);
}

std::size_t end_of_string(std::string_view source, std::size_t position) {
  for (auto i = position + 1; i < source.size(); ++i) {
    if (source[i] == source[position]) return i;
    if (source[i] == '\\') ++i;
  }
  return std::string_view::npos;
}

bool unescape(std::string_view literal, std::string& value, std::string& problem) {
  for (std::size_t i = 0; i < literal.size(); ++i) {
    if (literal[i] != '\\') {
      value += literal[i];
      continue;
    }
    const char letter = at(literal, ++i);
    if (static_cast<unsigned char>(letter) >= 0x80 || letter == 'N') {
      problem = fmt::format("escape '\\{}' is not supported", letter == 'N' ? "N" : "beyond ASCII");
      return false;
    }
    const auto octal = literal.substr(i, 3).substr(0, literal.substr(i, 3).find_first_not_of("01234567"));
    const std::size_t digits = letter == 'x' ? 2 : letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
    if (const int simple = simple_escape(letter); simple >= 0) {
      value += static_cast<char>(simple);
    } else if (digits > 0 || !octal.empty()) {
      const auto written = digits > 0 ? literal.substr(i + 1, digits) : octal;
      const auto character = digits_value(written, digits > 0 ? 16 : 8);
      const bool is_surrogate = character && *character >= 0xD800 && *character <= 0xDFFF;
      if (!character || is_surrogate || *character > 0x10FFFF || (digits > 0 && written.size() != digits)) {
        problem = is_surrogate ? "half of a surrogate pair is not supported"
                               : fmt::format("escape '\\{}' stands for no character", letter);
        return false;
      }
      append_utf8(value, *character);
      i += digits > 0 ? digits : octal.size() - 1;
    } else if (letter != '\n') {  // a line end is left out, and other letters are no escapes
      value += '\\';
      value += letter;
    }
  }
  return true;
}

}  // namespace conceptune::jinja
