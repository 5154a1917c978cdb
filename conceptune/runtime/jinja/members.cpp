#include "conceptune/runtime/jinja/members.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

#include "conceptune/base/utf8.h"
#include "conceptune/runtime/jinja/loop.h"
#include "conceptune/runtime/jinja/operators.h"
#include "conceptune/runtime/jinja/python_numbers.h"
#include "conceptune/runtime/jinja/python_text.h"

namespace conceptune::jinja {
namespace {

using Form = List::Form;
using Names = std::span<const std::string_view>;

constexpr std::string_view kTextMethods[] = {
    "capitalize", "casefold", "center",       "count",        "encode",     "endswith",    "expandtabs",
    "find",       "format",   "format_map",   "index",        "isalnum",    "isalpha",     "isascii",
    "isdecimal",  "isdigit",  "isidentifier", "islower",      "isnumeric",  "isprintable", "isspace",
    "istitle",    "isupper",  "join",         "ljust",        "lower",      "lstrip",      "maketrans",
    "partition",  "replace",  "removeprefix", "removesuffix", "rfind",      "rindex",      "rjust",
    "rpartition", "rsplit",   "rstrip",       "split",        "splitlines", "startswith",  "strip",
    "swapcase",   "title",    "translate",    "upper",        "zfill"};
constexpr std::string_view kDictMethods[] = {"copy", "fromkeys", "get", "items", "keys", "values"};
constexpr std::string_view kListMethods[] = {"copy", "count", "index"};
constexpr std::string_view kTupleMethods[] = {"count", "index"};
// What changes a value is undefined in the sandbox, even where a dict has an entry of that name.
constexpr std::string_view kDictChanges[] = {"clear", "pop", "popitem", "setdefault", "update"};
constexpr std::string_view kListChanges[] = {"append", "clear",  "extend",  "insert",
                                             "pop",    "remove", "reverse", "sort"};
constexpr std::string_view kRangeAttributes[] = {"count", "index", "start", "step", "stop"};
constexpr std::string_view kNumberAttributes[] = {
    "as_integer_ratio", "bit_count", "bit_length", "conjugate", "denominator",
    "from_bytes",       "fromhex",   "hex",        "imag",      "is_integer",
    "numerator",        "real",      "to_bytes"};

const std::string_view* find_name(Names names, std::string_view name) {
  const auto found = std::ranges::find(names, name);
  return found == names.end() ? nullptr : &*found;
}

Names methods_of(const Value& value) {
  if (value.text()) return kTextMethods;
  if (value.dict()) return kDictMethods;
  if (is_form(value, Form::list)) return kListMethods;
  if (is_form(value, Form::tuple)) return kTupleMethods;
  return {};
}

/// Attributes that Python's values have and that are not supported: their whole kind, or by name.
bool is_unsupported(const Value& value, std::string_view name) {
  if (value.is<Markup>() || value.callable()) return true;
  if (is_number(value)) return find_name(kNumberAttributes, name);
  if (!value.list() || is_form(value, Form::list) || is_form(value, Form::tuple)) return false;
  return value.list()->form != Form::range || find_name(kRangeAttributes, name);
}

/// An attribute in Python's sense, where the value has it; undefined when the sandbox hides it.
std::optional<Value> python_attribute(Budget& budget, const Value& value, std::string_view name) {
  if (const auto* names = value.name_space()) {
    const auto* member = names->find(name);
    if (!member) return std::nullopt;
    return name.starts_with('_') ? Value() : *member;
  }
  if (const auto* loop = value.get<std::shared_ptr<Loop>>()) return (*loop)->member(*loop, name);
  if (const auto* method = find_name(methods_of(value), name)) return method_value(budget, value, *method);
  const bool is_change = (value.dict() && find_name(kDictChanges, name)) ||
                         (is_form(value, Form::list) && find_name(kListChanges, name));
  if (is_change) return Value();
  if (is_unsupported(value, name)) budget.refuse(fmt::format("'{}' of {}", name, kind_of(value)));
  return std::nullopt;
}

const Value* element(const Items& items, std::int64_t index) {
  const auto size = static_cast<std::int64_t>(items.size());
  if (index < 0) index += size;
  return index < 0 || index >= size ? nullptr : &items[static_cast<std::size_t>(index)];
}

/// The bytes of the characters from `begin` to `end`, which are there.
std::string_view characters(Budget& budget, std::string_view text, std::int64_t begin, std::int64_t end) {
  std::size_t first = 0;
  for (std::int64_t i = 0; i < begin; ++i) first += code_point_at(text, first).size;
  auto last = first;
  for (auto i = begin; i < end; ++i) last += code_point_at(text, last).size;
  budget.read(last);
  return text.substr(first, last - first);
}

Value character(Budget& budget, std::string_view text, std::int64_t index) {
  const auto size = length_of(budget, text);
  if (index < 0) index += size;
  if (index < 0 || index >= size) return {};
  return text_value(budget, characters(budget, text, index, index + 1));
}

/// The indices of a slice, as Python's slice.indices() has them.
struct SliceRange {
  std::int64_t begin, end, step;

  bool is_inside(std::int64_t i) const { return step < 0 ? i > end : i < end; }
};

SliceRange slice_range(Budget& budget, std::int64_t size, const Value& begin, const Value& end,
                       const Value& step) {
  const auto bound = [&](const Value& given, std::int64_t otherwise) {
    if (given.is<None>()) return otherwise;
    const auto index = given.as_integer();
    if (!index) budget.refuse(fmt::format("a slice from, to or by {}", kind_of(given)));
    return *index;
  };
  SliceRange range{0, 0, bound(step, 1)};
  if (range.step == 0) budget.refuse("a slice by 0");
  const bool is_backward = range.step < 0;
  const std::int64_t lowest = is_backward ? -1 : 0, highest = is_backward ? size - 1 : size;
  const auto clamped = [&](const Value& given, std::int64_t otherwise) {
    if (given.is<None>()) return otherwise;
    const auto index = bound(given, 0);
    return std::clamp(index < 0 ? index + size : index, lowest, highest);
  };
  range.begin = clamped(begin, is_backward ? highest : lowest);
  range.end = clamped(end, is_backward ? lowest : highest);
  range.step = std::clamp(range.step, -size - 1, size + 1);  // no further than out of it
  return range;
}

}  // namespace

Value attribute_of(Budget& budget, const Value& value, std::string_view name) {
  if (value.is<Undefined>()) budget.fail(fmt::format("'{}' of something undefined", name));
  if (name.starts_with("__")) budget.refuse(fmt::format("attribute '{}'", name));
  if (auto attribute = python_attribute(budget, value, name)) return std::move(*attribute);
  if (const auto* dict = value.dict()) {
    const auto* found = find_entry(budget, dict->entries, name);
    return found ? *found : Value();
  }
  return {};
}

Value item_of(Budget& budget, const Value& value, const Value& key) {
  if (value.is<Undefined>()) budget.fail("an element of something undefined");
  if (value.is<Markup>() || key.is<Markup>()) budget.refuse("an element of or by text marked safe");
  if (const auto* dict = value.dict()) {
    const bool is_key = !key.dict() && !is_form(key, Form::list);
    if (const auto* found = is_key ? find_entry(budget, dict->entries, key) : nullptr) return *found;
  }
  if (const auto index = key.as_integer()) {
    if (value.text()) return character(budget, *value.text(), *index);
    const auto* list = value.list();
    const auto* found = list && list->is_sequence() ? element(list->values, *index) : nullptr;
    return found ? *found : Value();
  }
  if (!key.text() || key.text()->starts_with("__")) return {};
  return python_attribute(budget, value, *key.text()).value_or(Value());
}

// What Python refuses is not supported here: of constants, Jinja makes undefined of it.
Value slice_of(Budget& budget, const Value& value, const Value& begin, const Value& end, const Value& step) {
  const auto* list = value.list();
  if (!value.text() && !(list && list->is_sequence()))
    budget.refuse(fmt::format("a slice of {}", kind_of(value)));
  if (list) {
    const auto range = slice_range(budget, static_cast<std::int64_t>(list->values.size()), begin, end, step);
    Items items(&budget);
    for (auto i = range.begin; range.is_inside(i); i += range.step)
      items.push_back(list->values[static_cast<std::size_t>(i)]);
    return list_value(budget, std::move(items), list->form);
  }
  const auto& text = *value.text();
  const auto range = slice_range(budget, length_of(budget, text), begin, end, step);
  if (range.step == 1) return text_value(budget, characters(budget, text, range.begin, range.end));
  const auto starts = character_starts(budget, text);
  Text result(&budget);
  for (auto i = range.begin; range.is_inside(i); i += range.step) {
    const auto at = starts[static_cast<std::size_t>(i)];
    result.append(text, at, starts[static_cast<std::size_t>(i) + 1] - at);
  }
  return text_value(std::move(result));
}

}  // namespace conceptune::jinja
