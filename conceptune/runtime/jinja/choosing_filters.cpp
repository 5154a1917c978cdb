// Filters that apply another filter or test to each element.
#include <fmt/format.h>

#include "conceptune/runtime/jinja/attribute_path.h"
#include "conceptune/runtime/jinja/filter_functions.h"
#include "conceptune/runtime/jinja/filters.h"
#include "conceptune/runtime/jinja/operators.h"
#include "conceptune/runtime/jinja/value_tests.h"

namespace conceptune::jinja {
namespace {

/// The arguments after the first `count`.
Arguments without_first(Budget& budget, const Arguments& arguments, std::size_t count) {
  Arguments rest(budget);
  rest.positional.assign(arguments.positional.begin() + static_cast<std::ptrdiff_t>(count),
                         arguments.positional.end());
  rest.named.assign(arguments.named.begin(), arguments.named.end());
  return rest;
}

/// The name of the filter or test among the arguments.
std::string_view name_among(Budget& budget, const Arguments& arguments, std::size_t index) {
  const auto* text = arguments.positional[index].text();
  if (!text)
    budget.fail(fmt::format("{} as the name of a filter or test", kind_of(arguments.positional[index])));
  return *text;
}

/// The elements for which the test among the arguments holds, or their truth where there is none.
Value chosen(Budget& budget, const Value& value, const Arguments& arguments, bool by_attribute, bool wanted) {
  Items items(&budget);
  if (!is_true(value)) return list_value(budget, std::move(items), List::Form::iterator);
  const std::size_t test_at = by_attribute ? 1 : 0;
  if (arguments.positional.size() < test_at) budget.fail("a filter by attribute needs the attribute's name");
  const AttributePath path(budget, by_attribute ? arguments.positional[0] : Value{None{}});
  const bool has_test = arguments.positional.size() > test_at;
  const auto rest = without_first(budget, arguments, has_test ? test_at + 1 : test_at);
  for (auto& item : items_of(budget, value)) {
    const auto examined = path.of(budget, item);
    const bool holds = has_test ? apply_test(budget, name_among(budget, arguments, test_at), examined, rest)
                                : is_true(examined);
    if (holds == wanted) items.push_back(std::move(item));
  }
  return list_value(budget, std::move(items), List::Form::iterator);
}

Value mapped_to_attribute(Budget& budget, const Value& value, const Arguments& arguments) {
  const Bound bound(budget, "filter 'map'", arguments, {"attribute", "default"}, 1);
  const AttributePath path(budget, *bound[0]);
  const auto* otherwise = bound[1] && !bound[1]->is<None>() ? bound[1] : nullptr;
  auto items = items_of(budget, value);
  for (auto& item : items) item = path.of(budget, item, otherwise);
  return list_value(budget, std::move(items), List::Form::iterator);
}

}  // namespace

Value filter_map(Budget& budget, const Value& value, const Arguments& arguments) {
  if (!is_true(value)) return list_value(budget, Items(&budget), List::Form::iterator);
  if (arguments.positional.empty()) return mapped_to_attribute(budget, value, arguments);
  const auto name = name_among(budget, arguments, 0);
  const auto rest = without_first(budget, arguments, 1);
  auto items = items_of(budget, value);
  for (auto& item : items) item = apply_filter(budget, name, item, rest);
  return list_value(budget, std::move(items), List::Form::iterator);
}

Value filter_reject(Budget& budget, const Value& value, const Arguments& arguments) {
  return chosen(budget, value, arguments, false, false);
}

Value filter_rejectattr(Budget& budget, const Value& value, const Arguments& arguments) {
  return chosen(budget, value, arguments, true, false);
}

Value filter_select(Budget& budget, const Value& value, const Arguments& arguments) {
  return chosen(budget, value, arguments, false, true);
}

Value filter_selectattr(Budget& budget, const Value& value, const Arguments& arguments) {
  return chosen(budget, value, arguments, true, true);
}

}  // namespace conceptune::jinja
