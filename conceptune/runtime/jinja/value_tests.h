// Jinja's tests: value is name(arguments).
#pragma once

#include <string_view>

#include "conceptune/runtime/jinja/arguments.h"

namespace conceptune::jinja {

/// True of the names of Jinja's tests; all of them are supported, some not for every value.
bool is_test(std::string_view name);

/// Throws InputError where Jinja raises, for tests that Jinja does not have, and for what is not supported.
bool apply_test(Budget& budget, std::string_view name, const Value& value, const Arguments& arguments);

}  // namespace conceptune::jinja
