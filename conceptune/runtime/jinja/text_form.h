// Values as text: Python's str() and repr(), and JSON.
#pragma once

#include <string_view>

#include "conceptune/runtime/jinja/value.h"

namespace conceptune::jinja {

/// Appends str(value), which {{ value }} writes. Refuses functions, loops, namespaces, iterators and ranges.
void append_str(Budget& budget, const Value& value, Text& result);
Text str_of(Budget& budget, const Value& value);

/// How JSON is written, as Python's json.dumps() has it.
struct JsonForm {
  bool ascii = false;      // characters beyond ASCII as \uXXXX
  bool sort_keys = false;  // in the order of the keys
  bool lines = false;      // a line an element, indented by:
  std::string_view indent;
  std::string_view item_separator = ", ", key_separator = ": ";
};

/// Appends json.dumps(value). Throws InputError for what JSON does not have.
void append_json(Budget& budget, const Value& value, const JsonForm& form, Text& result);

}  // namespace conceptune::jinja
