// Jinja's filters, and transformers' tojson.
#pragma once

#include <string_view>

#include "conceptune/runtime/jinja/arguments.h"

namespace conceptune::jinja {

/// True of the names of Jinja's filters, supported or not.
bool is_filter(std::string_view name);

/// value | name(arguments). Throws InputError where Jinja raises, for filters that Jinja does not have, and
/// for those that are not supported.
Value apply_filter(Budget& budget, std::string_view name, const Value& value, const Arguments& arguments);

}  // namespace conceptune::jinja
