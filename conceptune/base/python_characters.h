// Characters as Python 3.12 knows them (Unicode 15): classes, and upper, lower and title case of texts.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <string>
#include <string_view>

namespace conceptune::python {

// str's isalpha(), isdecimal(), isdigit(), isprintable() of one character.
bool is_alpha(char32_t character);
bool is_decimal(char32_t character);
bool is_digit(char32_t character);
bool is_printable(char32_t character);

// Unicode's Lowercase, Uppercase, and the category Lt; a character with one of the three is cased.
bool is_lower(char32_t character);
bool is_upper(char32_t character);
bool is_title(char32_t character);

// The methods of str with their names, for valid UTF-8; the result is appended to `result`.
void append_upper(std::string_view text, std::pmr::string& result);
void append_lower(std::string_view text, std::pmr::string& result);
void append_swapcase(std::string_view text, std::pmr::string& result);
void append_capitalize(std::string_view text, std::pmr::string& result);
void append_title(std::string_view text, std::pmr::string& result);

/// str's islower() and isupper().
bool is_lower_text(std::string_view text);
bool is_upper_text(std::string_view text);

}  // namespace conceptune::python
