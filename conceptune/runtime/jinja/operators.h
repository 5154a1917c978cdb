// Python's operators on the values of a rendering.
#pragma once

#include <string_view>

#include "conceptune/runtime/jinja/value.h"

namespace conceptune::jinja {

/// left OPERATOR right, for + - * / // %. Throws InputError where Python raises, and for what is not
/// supported.
Value apply_operator(Budget& budget, std::string_view name, const Value& left, const Value& right);

/// +value or -value.
Value apply_sign(Budget& budget, std::string_view name, const Value& value);

/// left OPERATOR right, for == != < <= > >= in, and "not in".
bool holds(Budget& budget, std::string_view name, const Value& left, const Value& right);

/// left == right.
bool is_equal(Budget& budget, const Value& left, const Value& right);

/// Throws InputError for what cannot be a key of a dict, as Python does.
void check_hashable(Budget& budget, const Value& key);

/// The value of a dict's key, or null. Throws InputError for keys that cannot be.
const Value* find_entry(Budget& budget, const Entries& entries, const Value& key);
const Value* find_entry(Budget& budget, const Entries& entries, std::string_view name);

/// entries[key] = value.
void set_entry(Budget& budget, Entries& entries, Value key, Value value);

/// What a value gives when it is iterated: elements, characters, keys; nothing of something undefined. An
/// iterator is used up. Throws InputError for what cannot be iterated.
std::shared_ptr<const List> iterated(Budget& budget, const Value& value);

/// The same for what may be a list already, as items of its own.
Items items_of(Budget& budget, const Value& value);

}  // namespace conceptune::jinja
