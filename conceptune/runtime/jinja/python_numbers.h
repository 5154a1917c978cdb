// Numbers as Python writes, reads and divides them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "conceptune/runtime/jinja/value.h"

namespace conceptune::jinja {

/// repr() of a float: the shortest digits that give it back, with an exponent below 1e-4 and from 1e16 on.
std::string repr_of(double number);

/// int() of decimal text, or nothing where Python raises ValueError. Refuses integers beyond 64 bits and
/// digits beyond ASCII.
std::optional<std::int64_t> parse_integer(Budget& budget, std::string_view text);

/// float() of text, or nothing where Python raises ValueError. Refuses digits beyond ASCII and what no
/// float holds.
std::optional<double> parse_number(Budget& budget, std::string_view text);

/// left OPERATOR right for + - * / // % of two booleans, integers or floats. Throws InputError for a division
/// by zero, integers beyond 64 bits, and numbers that are not finite.
Value calculate(Budget& budget, std::string_view name, const Value& left, const Value& right);

/// The sign of left - right, exactly, of two booleans, integers or floats.
int compare_numbers(const Value& left, const Value& right);

/// A boolean, an integer or a float.
bool is_number(const Value& value);

/// A number as a float; of booleans and integers the nearest.
double as_double(const Value& value);

}  // namespace conceptune::jinja
