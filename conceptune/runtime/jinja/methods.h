// The methods of Python's values, and the functions of Jinja that need nothing of the template.
#pragma once

#include "conceptune/runtime/jinja/arguments.h"

namespace conceptune::jinja {

/// object.name(arguments), of a method that attribute_of() or item_of() gave. Throws InputError where Python
/// raises and for methods that are not supported.
Value call_method(Budget& budget, const Value& object, std::string_view name, const Arguments& arguments);

// Methods of text (text_methods.cpp), and of dicts, lists and tuples.
Value call_text_method(Budget& budget, const Text& text, std::string_view name, const Arguments& arguments);

/// range(): up to kMaxRange elements.
Value make_range(Budget& budget, const Arguments& arguments);

/// dict(): of another dict and of named arguments.
Value make_dict(Budget& budget, const Arguments& arguments);

}  // namespace conceptune::jinja
