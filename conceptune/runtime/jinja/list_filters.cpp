// Filters of what can be iterated.
#include <fmt/format.h>

#include <algorithm>

#include "conceptune/runtime/jinja/attribute_path.h"
#include "conceptune/runtime/jinja/filter_functions.h"
#include "conceptune/runtime/jinja/operators.h"
#include "conceptune/runtime/jinja/python_text.h"
#include "conceptune/runtime/jinja/text_form.h"

namespace conceptune::jinja {
namespace {

using Form = List::Form;

Value given_or_none(const Value* given) { return given ? *given : Value{None{}}; }

Value iterator(Budget& budget, Items items) { return list_value(budget, std::move(items), Form::iterator); }

/// Elements with the keys that they are ordered by, first the keys.
Items ordered(Budget& budget, Entries keyed, bool reverse) {
  std::ranges::stable_sort(keyed, [&](const auto& left, const auto& right) {
    return reverse ? holds(budget, "<", right.first, left.first)
                   : holds(budget, "<", left.first, right.first);
  });
  Items items(&budget);
  items.reserve(keyed.size());
  for (auto& entry : keyed) items.push_back(std::move(entry.second));
  return items;
}

Value extreme(Budget& budget, std::string_view sign, const Value& value, const Bound& bound) {
  const AttributePath path(budget, given_or_none(bound[1]));
  const auto key_of = [&](const Value& item) {
    return sort_key(budget, path.of(budget, item), bound.truth(0));
  };
  const auto list = iterated(budget, value);
  if (list->values.empty()) return {};
  const Value* best = list->values.data();
  auto best_key = key_of(*best);
  for (std::size_t i = 1; i < list->values.size(); ++i) {
    auto key = key_of(list->values[i]);
    if (!holds(budget, sign, key, best_key)) continue;
    best = &list->values[i];
    best_key = std::move(key);
  }
  return *best;
}

/// Whether Python's reversed() takes the value.
bool is_reversible(const Value& value) {
  return value.text() || value.dict() || value.is<Undefined>() ||
         (value.list() && value.list()->form != Form::iterator);
}

}  // namespace

Value filter_dictsort(Budget& budget, const Value& value, const Arguments& arguments) {
  const Bound bound(budget, "filter 'dictsort'", arguments, {"case_sensitive", "by", "reverse"});
  if (!value.dict()) budget.fail("filter 'dictsort' needs a dict");
  const std::string_view by = bound[1] ? std::string_view(bound.text(1)) : "key";
  if (by != "key" && by != "value") budget.fail("filter 'dictsort' sorts by 'key' or 'value'");
  Entries keyed(&budget);
  keyed.reserve(value.dict()->entries.size());
  for (const auto& [key, entry] : value.dict()->entries)
    keyed.emplace_back(sort_key(budget, by == "key" ? key : entry, bound.truth(0)),
                       tuple_value(budget, key, entry));
  return list_value(budget, ordered(budget, std::move(keyed), bound.truth(2)));
}

Value filter_first(Budget& budget, const Value& value, const Arguments& arguments) {
  const Bound bound(budget, "filter 'first'", arguments, {});
  const auto list = iterated(budget, value);
  return list->values.empty() ? Value() : list->values.front();
}

Value filter_items(Budget& budget, const Value& value, const Arguments& arguments) {
  const Bound bound(budget, "filter 'items'", arguments, {});
  if (!value.dict() && !value.is<Undefined>()) budget.fail("filter 'items' needs a dict");
  Items items(&budget);
  if (value.dict())
    for (const auto& [key, entry] : value.dict()->entries) items.push_back(tuple_value(budget, key, entry));
  return iterator(budget, std::move(items));
}

Value filter_join(Budget& budget, const Value& value, const Arguments& arguments) {
  const Bound bound(budget, "filter 'join'", arguments, {"d", "attribute"});
  const AttributePath path(budget, given_or_none(bound[1]));
  const auto separator = bound[0] ? str_of(budget, *bound[0]) : Text(&budget);
  const auto list =
      iterated(budget, value.is<Markup>() ? text_value(budget, *value.get<Markup>()->text) : value);
  Text result(&budget);
  bool is_first = true;
  for (const auto& item : list->values) {
    budget.step();
    if (!is_first) result += separator;
    is_first = false;
    append_str(budget, path.of(budget, item), result);
  }
  return text_value(std::move(result));
}

Value filter_last(Budget& budget, const Value& value, const Arguments& arguments) {
  const Bound bound(budget, "filter 'last'", arguments, {});
  if (!is_reversible(value)) budget.fail(fmt::format("filter 'last' of {}", kind_of(value)));
  const auto list = iterated(budget, value);
  return list->values.empty() ? Value() : list->values.back();
}

Value filter_length(Budget& budget, const Value& value, const Arguments& arguments) {
  const Bound bound(budget, "filter 'length'", arguments, {});
  if (value.is<Undefined>()) return {std::int64_t{0}};
  if (const auto* text = value.text()) return {length_of(budget, *text)};
  if (const auto* markup = value.get<Markup>()) return {length_of(budget, *markup->text)};
  if (const auto* dict = value.dict()) return {static_cast<std::int64_t>(dict->entries.size())};
  if (value.loop()) budget.refuse("filter 'length' of a loop");
  if (!value.list() || is_form(value, Form::iterator))
    budget.fail(fmt::format("filter 'length' of {}", kind_of(value)));
  return {static_cast<std::int64_t>(value.list()->values.size())};
}

Value filter_list(Budget& budget, const Value& value, const Arguments& arguments) {
  const Bound bound(budget, "filter 'list'", arguments, {});
  return list_value(budget, items_of(budget, value));
}

Value filter_max(Budget& budget, const Value& value, const Arguments& arguments) {
  return extreme(budget, ">", value, {budget, "filter 'max'", arguments, {"case_sensitive", "attribute"}});
}

Value filter_min(Budget& budget, const Value& value, const Arguments& arguments) {
  return extreme(budget, "<", value, {budget, "filter 'min'", arguments, {"case_sensitive", "attribute"}});
}

Value filter_reverse(Budget& budget, const Value& value, const Arguments& arguments) {
  const Bound bound(budget, "filter 'reverse'", arguments, {});
  auto items = items_of(budget, value);
  std::ranges::reverse(items);
  if (!value.text())
    return list_value(budget, std::move(items), is_reversible(value) ? Form::iterator : Form::list);
  Text result(&budget);
  for (const auto& character : items) result += *character.text();
  return text_value(std::move(result));
}

Value filter_sort(Budget& budget, const Value& value, const Arguments& arguments) {
  const Bound bound(budget, "filter 'sort'", arguments, {"reverse", "case_sensitive", "attribute"});
  std::pmr::vector<AttributePath> paths(&budget);
  if (bound[2] && bound[2]->text()) {
    for (const auto name : split(budget, *bound[2]->text(), ","))
      paths.emplace_back(budget, text_value(budget, name));
  } else {
    paths.emplace_back(budget, given_or_none(bound[2]));
  }
  Entries keyed(&budget);
  for (auto& item : items_of(budget, value)) {
    Items key(&budget);
    for (const auto& path : paths) key.push_back(sort_key(budget, path.of(budget, item), bound.truth(1)));
    keyed.emplace_back(list_value(budget, std::move(key)), std::move(item));
  }
  return list_value(budget, ordered(budget, std::move(keyed), bound.truth(0)));
}

Value filter_sum(Budget& budget, const Value& value, const Arguments& arguments) {
  const Bound bound(budget, "filter 'sum'", arguments, {"attribute", "start"});
  const AttributePath path(budget, given_or_none(bound[0]));
  Value sum = bound[1] ? *bound[1] : Value{std::int64_t{0}};
  if (sum.text()) budget.fail("filter 'sum' of text");
  const auto list = iterated(budget, value);
  for (const auto& item : list->values) {
    const auto term = path.of(budget, item);
    // Floats are summed differently by different Pythons.
    if (!sum.as_integer() || !term.as_integer()) budget.refuse("filter 'sum' of other than integers");
    sum = apply_operator(budget, "+", sum, term);
  }
  return sum;
}

Value filter_unique(Budget& budget, const Value& value, const Arguments& arguments) {
  const Bound bound(budget, "filter 'unique'", arguments, {"case_sensitive", "attribute"});
  const AttributePath path(budget, given_or_none(bound[1]));
  Entries seen(&budget);
  Items items(&budget);
  for (auto& item : items_of(budget, value)) {
    auto key = sort_key(budget, path.of(budget, item), bound.truth(0));
    if (find_entry(budget, seen, key)) continue;
    seen.emplace_back(std::move(key), Value());
    items.push_back(std::move(item));
  }
  return iterator(budget, std::move(items));
}

}  // namespace conceptune::jinja
