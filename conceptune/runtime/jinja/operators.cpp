#include "conceptune/runtime/jinja/operators.h"

#include <fmt/format.h>

#include <algorithm>

#include "conceptune/runtime/jinja/python_numbers.h"
#include "conceptune/runtime/jinja/python_text.h"

namespace conceptune::jinja {
namespace {

using Form = List::Form;

/// Python's sets of keys, and of pairs.
bool is_set(const Value& value) { return is_form(value, Form::keys) || is_form(value, Form::items); }

[[noreturn]] void fail_operands(Budget& budget, std::string_view name, const Value& left,
                                const Value& right) {
  if (is_set(left) || is_set(right)) budget.refuse(fmt::format("'{}' of a dict's keys or items", name));
  budget.fail(fmt::format("'{}' of {} and {}", name, kind_of(left), kind_of(right)));
}

void refuse_markup(Budget& budget, std::string_view name, const Value& left, const Value& right) {
  if (left.is<Markup>() || right.is<Markup>()) budget.refuse(fmt::format("'{}' of text marked safe", name));
}

Value repeated(Budget& budget, const Value& value, std::int64_t times) {
  const auto count = static_cast<std::size_t>(std::max<std::int64_t>(times, 0));
  if (const auto* text = value.text()) {
    budget.require(count, text->size());
    Text result(&budget);
    result.reserve(count * text->size());
    for (std::size_t i = 0; i < count && !text->empty(); ++i) result += *text;
    return text_value(std::move(result));
  }
  const auto& list = *value.list();
  budget.require(count, list.values.size() * sizeof(Value));
  Items items(&budget);
  items.reserve(count * list.values.size());
  for (std::size_t i = 0; i < count && !list.values.empty(); ++i)
    items.insert(items.end(), list.values.begin(), list.values.end());
  return list_value(budget, std::move(items), list.form);
}

bool is_list_or_tuple(const Value& value) {
  return is_form(value, Form::list) || is_form(value, Form::tuple);
}

bool is_repeatable(const Value& value) { return value.text() || is_list_or_tuple(value); }

Value sum(Budget& budget, const Value& left, const Value& right) {
  if (left.text() && right.text()) {
    Text result(*left.text(), &budget);
    return text_value(std::move(result += *right.text()));
  }
  const bool same_kind =
      is_list_or_tuple(left) && is_list_or_tuple(right) && left.list()->form == right.list()->form;
  if (!same_kind) fail_operands(budget, "+", left, right);
  Items items(&budget);
  items.reserve(left.list()->values.size() + right.list()->values.size());
  for (const auto* list : {left.list(), right.list()})
    items.insert(items.end(), list->values.begin(), list->values.end());
  return list_value(budget, std::move(items), left.list()->form);
}

bool equal_lists(Budget& budget, const List& left, const List& right) {
  if (left.form == Form::values || left.form == Form::iterator) return &left == &right;
  if (left.form != right.form || left.values.size() != right.values.size()) return false;
  for (std::size_t i = 0; i < left.values.size(); ++i)
    if (!is_equal(budget, left.values[i], right.values[i])) return false;
  return true;
}

bool equal_dicts(Budget& budget, const Dict& left, const Dict& right) {
  if (left.entries.size() != right.entries.size()) return false;
  for (const auto& [key, value] : left.entries) {
    const auto* other = find_entry(budget, right.entries, key);
    if (!other || !is_equal(budget, value, *other)) return false;
  }
  return true;
}

/// The sign of left - right; throws InputError where Python has no order.
int compare(Budget& budget, std::string_view name, const Value& left, const Value& right) {
  budget.step();
  if (is_number(left) && is_number(right)) return compare_numbers(left, right);
  if (left.text() && right.text()) {
    budget.read(std::min(left.text()->size(), right.text()->size()));
    return left.text()->compare(*right.text());  // bytes of UTF-8 are in the order of characters
  }
  if (!is_list_or_tuple(left) || !is_list_or_tuple(right) || left.list()->form != right.list()->form) {
    refuse_markup(budget, name, left, right);
    fail_operands(budget, name, left, right);
  }
  const auto &first = left.list()->values, &second = right.list()->values;
  for (std::size_t i = 0; i < std::min(first.size(), second.size()); ++i)
    if (!is_equal(budget, first[i], second[i])) return compare(budget, name, first[i], second[i]);
  return first.size() < second.size() ? -1 : first.size() > second.size();
}

auto entry_of(Budget& budget, auto& entries, const Value& key) {
  check_hashable(budget, key);
  return std::ranges::find_if(entries, [&](const auto& entry) { return is_equal(budget, entry.first, key); });
}

bool contains(Budget& budget, const Value& container, const Value& item) {
  if (const auto* text = container.text()) {
    if (!item.text()) fail_operands(budget, "in", item, container);
    return find_text(budget, *text, *item.text()) != std::string_view::npos;
  }
  if (const auto* dict = container.dict()) return find_entry(budget, dict->entries, item) != nullptr;
  if (is_form(container, Form::keys)) check_hashable(budget, item);
  if (is_form(container, Form::items)) budget.refuse("'in' a dict's items");
  const auto list = iterated(budget, container);
  return std::ranges::any_of(list->values, [&](const Value& value) { return is_equal(budget, item, value); });
}

}  // namespace

Value apply_operator(Budget& budget, std::string_view name, const Value& left, const Value& right) {
  refuse_markup(budget, name, left, right);
  if (is_number(left) && is_number(right)) return calculate(budget, name, left, right);
  if (name == "%" && left.text()) budget.refuse("'%' of text");
  if (name == "+") return sum(budget, left, right);
  if (name == "*") {
    if (const auto times = right.as_integer(); times && is_repeatable(left))
      return repeated(budget, left, *times);
    if (const auto times = left.as_integer(); times && is_repeatable(right))
      return repeated(budget, right, *times);
  }
  fail_operands(budget, name, left, right);
}

Value apply_sign(Budget& budget, std::string_view name, const Value& value) {
  if (!is_number(value)) budget.fail(fmt::format("'{}' of {}", name, kind_of(value)));
  if (const auto* number = value.get<double>()) return {name == "-" ? -*number : *number};
  return calculate(budget, name, {std::int64_t{0}}, value);
}

bool is_equal(Budget& budget, const Value& left, const Value& right) {
  budget.step();
  refuse_markup(budget, "==", left, right);
  if (is_number(left) && is_number(right)) return compare_numbers(left, right) == 0;
  if (left.content.index() != right.content.index()) return false;
  if (const auto* text = left.text()) {
    if (text->size() != right.text()->size()) return false;
    budget.read(text->size());
    return *text == *right.text();
  }
  if (is_set(left) && is_set(right)) fail_operands(budget, "==", left, right);
  if (const auto* list = left.list()) return equal_lists(budget, *list, *right.list());
  if (const auto* dict = left.dict()) return equal_dicts(budget, *dict, *right.dict());
  if (left.callable()) budget.refuse("'==' of functions");
  if (const auto* names = left.name_space()) return names == right.name_space();
  if (const auto* loop = left.loop()) return loop == right.loop();
  return true;  // undefined and none
}

bool holds(Budget& budget, std::string_view name, const Value& left, const Value& right) {
  if (name == "==") return is_equal(budget, left, right);
  if (name == "!=") return !is_equal(budget, left, right);
  if (name == "in" || name == "not in") {
    refuse_markup(budget, name, left, right);
    return contains(budget, right, left) == (name == "in");
  }
  const int order = compare(budget, name, left, right);
  if (name == "<") return order < 0;
  if (name == "<=") return order <= 0;
  return name == ">" ? order > 0 : order >= 0;
}

void check_hashable(Budget& budget, const Value& key) {
  budget.step();
  if (key.dict() || is_form(key, Form::list)) budget.fail(fmt::format("{} as a key", kind_of(key)));
  if (is_form(key, Form::tuple)) {
    for (const auto& item : key.list()->values) check_hashable(budget, item);
  } else if (key.list() || key.is<Markup>() || key.callable() || key.name_space() || key.loop()) {
    budget.refuse(fmt::format("{} as a key", kind_of(key)));
  }
}

const Value* find_entry(Budget& budget, const Entries& entries, const Value& key) {
  const auto found = entry_of(budget, entries, key);
  return found == entries.end() ? nullptr : &found->second;
}

const Value* find_entry(Budget& budget, const Entries& entries, std::string_view name) {
  budget.step(entries.size());
  const auto found = std::ranges::find_if(
      entries, [&](const auto& entry) { return entry.first.text() && *entry.first.text() == name; });
  return found == entries.end() ? nullptr : &found->second;
}

void set_entry(Budget& budget, Entries& entries, Value key, Value value) {
  if (const auto found = entry_of(budget, entries, key); found != entries.end()) {
    found->second = std::move(value);
  } else {
    entries.emplace_back(std::move(key), std::move(value));
  }
}

std::shared_ptr<const List> iterated(Budget& budget, const Value& value) {
  if (const auto* list = value.get<std::shared_ptr<const List>>()) {
    if ((*list)->form != Form::iterator) return *list;
    if ((*list)->is_taken)
      budget.refuse("a second use of what a filter gives (append '| list' where it is made)");
    (*list)->is_taken = true;
    return *list;
  }
  Items items(&budget);
  if (const auto* text = value.text()) {
    const auto starts = character_starts(budget, *text);
    items.reserve(starts.size() - 1);
    for (std::size_t i = 0; i + 1 < starts.size(); ++i)
      items.push_back(
          text_value(budget, std::string_view(*text).substr(starts[i], starts[i + 1] - starts[i])));
  } else if (const auto* dict = value.dict()) {
    items.reserve(dict->entries.size());
    for (const auto& entry : dict->entries) items.push_back(entry.first);
  } else if (value.is<Markup>() || value.loop()) {
    budget.refuse(fmt::format("the iteration of {}", kind_of(value)));
  } else if (!value.is<Undefined>()) {
    budget.fail(fmt::format("{} cannot be iterated", kind_of(value)));
  }
  return std::get<std::shared_ptr<const List>>(list_value(budget, std::move(items)).content);
}

Items items_of(Budget& budget, const Value& value) { return {iterated(budget, value)->values, &budget}; }

}  // namespace conceptune::jinja
