// Literals of numbers and text in a template.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace conceptune::jinja {

/// The number that begins at a byte of the source as written, or nothing. After a point it is an integer.
std::string_view number_literal(std::string_view source, std::size_t position);

/// A number in base 10 without underscores; nothing for integers beyond 64 bits and what no float holds.
std::optional<std::string> plain_number(std::string_view literal);

/// Byte of the quote that ends the string whose quote is at `position`, or std::string_view::npos.
std::size_t end_of_string(std::string_view source, std::size_t position);

/// The value of a string, as Python's unicode-escape has it; false, with the problem, where there is none.
bool unescape(std::string_view literal, std::string& value, std::string& problem);

}  // namespace conceptune::jinja
