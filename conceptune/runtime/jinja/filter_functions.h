// The filters by name, each as a function of the value and the arguments that follow it.
#pragma once

#include "conceptune/runtime/jinja/arguments.h"

namespace conceptune::jinja {

// Of one value (value_filters.cpp).
Value filter_abs(Budget& budget, const Value& value, const Arguments& arguments);
Value filter_default(Budget& budget, const Value& value, const Arguments& arguments);
Value filter_float(Budget& budget, const Value& value, const Arguments& arguments);
Value filter_int(Budget& budget, const Value& value, const Arguments& arguments);
Value filter_safe(Budget& budget, const Value& value, const Arguments& arguments);
Value filter_string(Budget& budget, const Value& value, const Arguments& arguments);
Value filter_tojson(Budget& budget, const Value& value, const Arguments& arguments);

// Of texts (text_filters.cpp).
Value filter_capitalize(Budget& budget, const Value& value, const Arguments& arguments);
Value filter_indent(Budget& budget, const Value& value, const Arguments& arguments);
Value filter_lower(Budget& budget, const Value& value, const Arguments& arguments);
Value filter_replace(Budget& budget, const Value& value, const Arguments& arguments);
Value filter_title(Budget& budget, const Value& value, const Arguments& arguments);
Value filter_trim(Budget& budget, const Value& value, const Arguments& arguments);
Value filter_upper(Budget& budget, const Value& value, const Arguments& arguments);
/// An indentation given as a number of spaces or as text.
Text indentation(Budget& budget, const Value& width);

// Of what can be iterated (list_filters.cpp).
Value filter_dictsort(Budget& budget, const Value& value, const Arguments& arguments);
Value filter_first(Budget& budget, const Value& value, const Arguments& arguments);
Value filter_items(Budget& budget, const Value& value, const Arguments& arguments);
Value filter_join(Budget& budget, const Value& value, const Arguments& arguments);
Value filter_last(Budget& budget, const Value& value, const Arguments& arguments);
Value filter_length(Budget& budget, const Value& value, const Arguments& arguments);
Value filter_list(Budget& budget, const Value& value, const Arguments& arguments);
Value filter_max(Budget& budget, const Value& value, const Arguments& arguments);
Value filter_min(Budget& budget, const Value& value, const Arguments& arguments);
Value filter_reverse(Budget& budget, const Value& value, const Arguments& arguments);
Value filter_sort(Budget& budget, const Value& value, const Arguments& arguments);
Value filter_sum(Budget& budget, const Value& value, const Arguments& arguments);
Value filter_unique(Budget& budget, const Value& value, const Arguments& arguments);

// With another filter or test for each element (choosing_filters.cpp).
Value filter_map(Budget& budget, const Value& value, const Arguments& arguments);
Value filter_reject(Budget& budget, const Value& value, const Arguments& arguments);
Value filter_rejectattr(Budget& budget, const Value& value, const Arguments& arguments);
Value filter_select(Budget& budget, const Value& value, const Arguments& arguments);
Value filter_selectattr(Budget& budget, const Value& value, const Arguments& arguments);

}  // namespace conceptune::jinja
