#include "conceptune/runtime/jinja/python_numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "conceptune/base/python_characters.h"
#include "conceptune/base/utf8.h"
#include "conceptune/runtime/jinja/python_text.h"

namespace conceptune::jinja {
namespace {

bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }

/// Text without white space at its ends and without underscores between digits, as int() and float() read it;
/// nothing when an underscore is elsewhere.
std::optional<Text> plain_digits(Budget& budget, std::string_view text) {
  text = stripped(budget, text, Ends::both);
  Text plain(&budget);
  for (std::size_t i = 0; i < text.size(); i += code_point_at(text, i).size) {
    const auto c = code_point_at(text, i).value;
    if (c >= 0x80 && python::is_decimal(c)) budget.refuse("a number of digits beyond ASCII");
    if (c != '_') {
      plain += c < 0x80 ? static_cast<char>(c) : '?';
      continue;
    }
    const bool is_between =
        i > 0 && i + 1 < text.size() && is_ascii_digit(text[i - 1]) && is_ascii_digit(text[i + 1]);
    if (!is_between) return std::nullopt;
  }
  return plain;
}

/// Without its sign, which from_chars knows only in part.
std::string_view unsigned_part(std::string_view text, bool& is_negative) {
  is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  return text;
}

Value integer_result(Budget& budget, std::string_view name, std::int64_t left, std::int64_t right) {
  std::int64_t result = 0;
  bool overflow = false;
  if (name == "+") overflow = __builtin_add_overflow(left, right, &result);
  if (name == "-") overflow = __builtin_sub_overflow(left, right, &result);
  if (name == "*") overflow = __builtin_mul_overflow(left, right, &result);
  if (name == "//" || name == "%") {
    if (right == 0) budget.fail("division by zero");
    overflow = left == INT64_MIN && right == -1;
    if (!overflow) {
      const auto remainder = left % right;
      const bool rounds_down = remainder != 0 && (remainder < 0) != (right < 0);
      result = name == "%" ? remainder + (rounds_down ? right : 0) : left / right - (rounds_down ? 1 : 0);
    }
  }
  if (overflow) budget.refuse("an integer beyond 64 bits");
  return {result};
}

/// Python's float_divmod: the quotient rounded down, and the remainder, which has the divisor's sign.
std::pair<double, double> floor_division(double left, double right) {
  double remainder = std::fmod(left, right);
  double quotient = (left - remainder) / right;
  if (remainder == 0) {
    remainder = std::copysign(0.0, right);
  } else if ((right < 0) != (remainder < 0)) {
    remainder += right;
    quotient -= 1;
  }
  if (quotient == 0) return {std::copysign(0.0, left / right), remainder};
  const double floor = std::floor(quotient);
  return {quotient - floor > 0.5 ? floor + 1 : floor, remainder};
}

double float_result(Budget& budget, std::string_view name, double left, double right) {
  if (name == "+") return left + right;
  if (name == "-") return left - right;
  if (name == "*") return left * right;
  if (right == 0) budget.fail("division by zero");
  if (name == "/") return left / right;
  const auto [quotient, remainder] = floor_division(left, right);
  return name == "//" ? quotient : remainder;
}

long double exactly(const Value& value) {
  static_assert(__LDBL_MANT_DIG__ >= 64, "compares 64-bit integers with floats exactly");
  const auto integer = value.as_integer();
  return integer ? static_cast<long double>(*integer) : *value.get<double>();
}

/// Whether a float holds the integer exactly; true division of two such is rounded once, as Python's is.
bool is_exact_in_float(const Value& value) {
  return value.is<double>() || std::abs(exactly(value)) <= 0x1p53L;
}

}  // namespace

std::string repr_of(double number) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::scientific).ptr;
  std::string_view shortest(buffer, static_cast<std::size_t>(end - buffer));
  const auto exponent_at = shortest.find('e');
  int exponent = 0;
  const auto* digits_of_exponent = shortest.data() + exponent_at + (shortest[exponent_at + 1] == '+' ? 2 : 1);
  std::from_chars(digits_of_exponent, end, exponent);
  const auto mantissa = shortest.substr(0, exponent_at);
  if (exponent < -4 || exponent >= 16) return std::string(shortest);
  const std::string_view sign = mantissa.starts_with('-') ? "-" : "";
  std::string digits(mantissa.substr(sign.size()));
  std::erase(digits, '.');
  if (exponent < 0)
    return fmt::format("{}0.{:0>{}}", sign, digits, static_cast<int>(digits.size()) - exponent - 1);
  const auto whole = static_cast<std::size_t>(exponent) + 1;
  digits.resize(std::max(digits.size(), whole + 1), '0');
  return fmt::format("{}{}.{}", sign, digits.substr(0, whole), digits.substr(whole));
}

std::optional<std::int64_t> parse_integer(Budget& budget, std::string_view text) {
  const auto plain = plain_digits(budget, text);
  if (!plain) return std::nullopt;
  bool is_negative = false;
  const auto digits = unsigned_part(*plain, is_negative);
  if (digits.empty() || !std::ranges::all_of(digits, is_ascii_digit)) return std::nullopt;
  const auto with_sign = fmt::format("{}{}", is_negative ? "-" : "", digits);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(with_sign.data(), with_sign.data() + with_sign.size(), value);
  if (error != std::errc()) budget.refuse("an integer beyond 64 bits");
  return value;
}

std::optional<double> parse_number(Budget& budget, std::string_view text) {
  const auto plain = plain_digits(budget, text);
  if (!plain) return std::nullopt;
  bool is_negative = false;
  const auto digits = unsigned_part(*plain, is_negative);
  if (digits.starts_with('-')) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (end != digits.data() + digits.size() || error == std::errc::invalid_argument) return std::nullopt;
  if (digits.find('(') != std::string_view::npos) return std::nullopt;  // C's nan(…)
  if (error != std::errc() || !std::isfinite(value)) budget.refuse("a number beyond the range of floats");
  return is_negative ? -value : value;
}

bool is_number(const Value& value) { return value.as_integer() || value.is<double>(); }

double as_double(const Value& value) {
  const auto integer = value.as_integer();
  return integer ? static_cast<double>(*integer) : *value.get<double>();
}

Value calculate(Budget& budget, std::string_view name, const Value& left, const Value& right) {
  const auto first = left.as_integer(), second = right.as_integer();
  if (first && second && name != "/") return integer_result(budget, name, *first, *second);
  if (first && second && !(is_exact_in_float(left) && is_exact_in_float(right)))
    budget.refuse("'/' of integers beyond 2^53");
  return number_value(budget, float_result(budget, name, as_double(left), as_double(right)));
}

int compare_numbers(const Value& left, const Value& right) {
  const auto first = exactly(left), second = exactly(right);
  return first < second ? -1 : first > second;
}

}  // namespace conceptune::jinja
