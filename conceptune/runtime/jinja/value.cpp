#include "conceptune/runtime/jinja/value.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "conceptune/base/error.h"
#include "conceptune/base/utf8.h"

namespace conceptune::jinja {
namespace {

template <class T>
std::pmr::polymorphic_allocator<T> allocator(Budget& budget) {
  return std::pmr::polymorphic_allocator<T>(&budget);
}

int depth_of(const Value& value) {
  if (const auto* list = value.list()) return list->depth;
  if (const auto* dict = value.dict()) return dict->depth;
  const auto* callable = value.callable();
  return callable ? callable->depth : 0;
}

/// Deeper by one than the deepest value inside.
int checked_depth(Budget& budget, int inside) {
  if (inside >= kMaxNesting) budget.fail(fmt::format("a value is nested deeper than {}", kMaxNesting));
  return inside + 1;
}

auto member_of(Budget& budget, auto& members, std::string_view name) {
  budget.step(members.size() / 8);
  return std::ranges::find_if(members, [&](const auto& member) { return member.first == name; });
}

[[noreturn]] void fail_variable(std::string_view problem) {
  throw InputError("rendering chat template", "variables", problem);
}

std::string_view checked_text(const std::string& text) {
  if (first_invalid_utf8(text)) fail_variable("not valid UTF-8");
  return text;
}

}  // namespace

std::optional<std::int64_t> Value::as_integer() const {
  if (const auto* integer = get<std::int64_t>()) return *integer;
  if (const auto* boolean = get<bool>()) return *boolean;
  return std::nullopt;
}

const Value* Namespace::find(std::string_view name) const {
  const auto found = member_of(budget_, members_, name);
  return found == members_.end() ? nullptr : &found->second;
}

void Namespace::set(std::string_view name, Value value) {
  if (const auto found = member_of(budget_, members_, name); found != members_.end()) {
    found->second = std::move(value);
  } else {
    members_.emplace_back(name, std::move(value));
  }
}

Value text_value(Budget& budget, std::string_view text) {
  return {std::allocate_shared<const Text>(allocator<Text>(budget), text)};
}

Value text_value(Text text) {
  const auto memory = text.get_allocator();
  return {std::allocate_shared<const Text>(std::pmr::polymorphic_allocator<Text>(memory), std::move(text))};
}

Value list_value(Budget& budget, Items items, List::Form form) {
  int depth = 0;
  for (const auto& item : items) depth = std::max(depth, depth_of(item));
  depth = checked_depth(budget, depth);
  return {std::allocate_shared<const List>(allocator<List>(budget), form, std::move(items), depth)};
}

Value tuple_value(Budget& budget, Value first, Value second) {
  Items items(&budget);
  items.reserve(2);
  items.push_back(std::move(first));
  items.push_back(std::move(second));
  return list_value(budget, std::move(items), List::Form::tuple);
}

Value dict_value(Budget& budget, Entries entries) {
  int depth = 0;
  for (const auto& [key, value] : entries) depth = std::max({depth, depth_of(key), depth_of(value)});
  depth = checked_depth(budget, depth);
  return {std::allocate_shared<const Dict>(allocator<Dict>(budget), std::move(entries), depth)};
}

Value method_value(Budget& budget, const Value& object, std::string_view name) {
  auto method = std::allocate_shared<Callable>(allocator<Callable>(budget), name);
  method->object = object;
  method->depth = checked_depth(budget, depth_of(object));
  return {std::shared_ptr<const Callable>(std::move(method))};
}

Value function_value(Budget& budget, std::string_view name) {
  return {std::allocate_shared<const Callable>(allocator<Callable>(budget), name)};
}

Value number_value(Budget& budget, double number) {
  if (!std::isfinite(number)) budget.refuse("a number beyond the range of floats");
  return {number};
}

Value value_of(Budget& budget, const Json& json) {
  switch (json.type()) {
    case Json::value_t::null:
      return {None{}};
    case Json::value_t::boolean:
      return {json.get<bool>()};
    case Json::value_t::number_integer:
      return {json.get<std::int64_t>()};
    case Json::value_t::number_unsigned:
      if (json.get<std::uint64_t>() > INT64_MAX) fail_variable("an integer beyond 64 bits");
      return {json.get<std::int64_t>()};
    case Json::value_t::number_float:
      return number_value(budget, json.get<double>());
    case Json::value_t::string:
      return text_value(budget, checked_text(json.get_ref<const std::string&>()));
    case Json::value_t::array: {
      const Level level(budget);
      Items items(&budget);
      items.reserve(json.size());
      for (const auto& item : json) items.push_back(value_of(budget, item));
      return list_value(budget, std::move(items));
    }
    case Json::value_t::object: {
      const Level level(budget);
      Entries entries(&budget);
      entries.reserve(json.size());
      for (const auto& [key, value] : json.items())
        entries.emplace_back(text_value(budget, checked_text(key)), value_of(budget, value));
      return dict_value(budget, std::move(entries));
    }
    default:
      fail_variable("a kind of value that JSON does not have");
  }
}

bool is_true(const Value& value) {
  if (value.is<Undefined>() || value.is<None>()) return false;
  if (const auto integer = value.as_integer()) return *integer != 0;
  if (const auto* number = value.get<double>()) return *number != 0;
  if (const auto* text = value.text()) return !text->empty();
  if (const auto* markup = value.get<Markup>()) return !markup->text->empty();
  if (const auto* list = value.list()) return list->form == List::Form::iterator || !list->values.empty();
  if (const auto* dict = value.dict()) return !dict->entries.empty();
  return true;
}

std::string_view kind_of(const Value& value) {
  static constexpr std::string_view kKinds[] = {
      "something undefined", "none",   "a boolean", "an integer",  "a number",   "text",
      "text marked safe",    "a list", "a dict",    "a namespace", "a function", "a loop"};
  if (const auto* list = value.list()) {
    static constexpr std::string_view kForms[] = {
        "a list", "a tuple", "a range", "a dict's keys", "a dict's values", "a dict's items", "an iterator"};
    return kForms[static_cast<std::size_t>(list->form)];
  }
  return kKinds[value.content.index()];
}

}  // namespace conceptune::jinja
