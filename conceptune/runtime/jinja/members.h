// value.name, value[key] and value[begin:end:step].
#pragma once

#include <string_view>

#include "conceptune/runtime/jinja/value.h"

namespace conceptune::jinja {

/// value.name: a method, a member of a namespace or loop, an entry of a dict; undefined where there is none.
/// Throws InputError on something undefined.
Value attribute_of(Budget& budget, const Value& value, std::string_view name);

/// value[key]: an element, a character, an entry, or else a method. Undefined and errors as above.
Value item_of(Budget& budget, const Value& value, const Value& key);

/// value[begin:end:step] of text, lists, tuples and ranges; undefined bounds are errors, none is left out.
Value slice_of(Budget& budget, const Value& value, const Value& begin, const Value& end, const Value& step);

}  // namespace conceptune::jinja
