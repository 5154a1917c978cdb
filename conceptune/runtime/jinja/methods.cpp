#include "conceptune/runtime/jinja/methods.h"

#include <fmt/format.h>

#include <algorithm>

#include "conceptune/runtime/jinja/loop.h"
#include "conceptune/runtime/jinja/operators.h"

namespace conceptune::jinja {
namespace {

using Form = List::Form;

Value call_dict_method(Budget& budget, const Value& object, std::string_view name,
                       const Arguments& arguments) {
  const auto& entries = object.dict()->entries;
  if (name == "get") {
    const Bound bound(budget, "method 'get'", arguments, {"/key", "/default"}, 1);
    if (const auto* found = find_entry(budget, entries, *bound[0])) return *found;
    return bound[1] ? *bound[1] : Value{None{}};
  }
  if (name == "fromkeys") budget.refuse("method 'fromkeys'");
  const Bound bound(budget, fmt::format("method '{}'", name), arguments, {});
  if (name == "copy") return object;
  Items items(&budget);
  items.reserve(entries.size());
  for (const auto& [key, value] : entries)
    items.push_back(name == "keys" ? key : name == "values" ? value : tuple_value(budget, key, value));
  return list_value(budget, std::move(items),
                    name == "keys"     ? Form::keys
                    : name == "values" ? Form::values
                                       : Form::items);
}

Value call_list_method(Budget& budget, const Value& object, std::string_view name,
                       const Arguments& arguments) {
  if (name == "copy") {
    const Bound bound(budget, "method 'copy'", arguments, {});
    return object;
  }
  const auto& items = object.list()->values;
  const Bound bound(budget, fmt::format("method '{}'", name), arguments, {"/value", "/start", "/stop"}, 1);
  if (bound[1]) budget.refuse(fmt::format("method '{}' of a part", name));
  const auto matches = [&](const Value& item) { return is_equal(budget, item, *bound[0]); };
  if (name == "count") return {static_cast<std::int64_t>(std::ranges::count_if(items, matches))};
  const auto found = std::ranges::find_if(items, matches);
  if (found == items.end()) budget.fail("method 'index' of what is not in the list");
  return {static_cast<std::int64_t>(found - items.begin())};
}

}  // namespace

Value call_method(Budget& budget, const Value& object, std::string_view name, const Arguments& arguments) {
  budget.step();
  if (const auto* text = object.text()) return call_text_method(budget, *text, name, arguments);
  if (object.dict()) return call_dict_method(budget, object, name, arguments);
  if (object.list()) return call_list_method(budget, object, name, arguments);
  if (!arguments.named.empty()) budget.fail(fmt::format("loop.{} takes no named arguments", name));
  return name == "cycle" ? object.loop()->cycle(arguments.positional)
                         : object.loop()->changed(arguments.positional);
}

Value make_range(Budget& budget, const Arguments& arguments) {
  const Bound bound(budget, "range", arguments, {"/start", "/stop", "/step"}, 1);
  const auto first = bound.integer(0, 0);
  const auto begin = bound[1] ? first : 0, end = bound[1] ? bound.integer(1, 0) : first;
  const auto step = bound.integer(2, 1);
  if (step == 0) budget.fail("a range by 0");
  Items items(&budget);
  for (auto i = begin; step > 0 ? i < end : i > end;) {
    if (static_cast<std::int64_t>(items.size()) == kMaxRange)
      budget.fail(fmt::format("a range of more than {} elements", kMaxRange));
    items.push_back({i});
    if (__builtin_add_overflow(i, step, &i)) break;
  }
  return list_value(budget, std::move(items), Form::range);
}

Value make_dict(Budget& budget, const Arguments& arguments) {
  if (arguments.positional.size() > 1) budget.fail("dict takes at most one dict");
  Entries entries(&budget);
  if (!arguments.positional.empty()) {
    const auto* dict = arguments.positional[0].dict();
    if (!dict) budget.refuse(fmt::format("a dict of {}", kind_of(arguments.positional[0])));
    entries.assign(dict->entries.begin(), dict->entries.end());
  }
  for (const auto& [name, value] : arguments.named)
    set_entry(budget, entries, text_value(budget, name), value);
  return dict_value(budget, std::move(entries));
}

}  // namespace conceptune::jinja
