#include "conceptune/runtime/jinja/attribute_path.h"

#include <algorithm>

#include "conceptune/base/python_characters.h"
#include "conceptune/base/utf8.h"
#include "conceptune/runtime/jinja/members.h"
#include "conceptune/runtime/jinja/python_numbers.h"
#include "conceptune/runtime/jinja/python_text.h"

namespace conceptune::jinja {
namespace {

/// A name, or an index where it consists of digits.
Value part_of(Budget& budget, std::string_view name) {
  bool is_index = !name.empty();
  for (std::size_t i = 0; i < name.size() && is_index; i += code_point_at(name, i).size)
    is_index = python::is_digit(code_point_at(name, i).value);
  if (!is_index) return text_value(budget, name);
  const auto index = parse_integer(budget, name);
  if (!index) budget.refuse("an attribute of digits beyond ASCII");
  return {*index};
}

}  // namespace

AttributePath::AttributePath(Budget& budget, const Value& attribute) : parts_(&budget) {
  if (attribute.is<None>()) return;
  if (attribute.text()) {
    for (const auto name : split(budget, *attribute.text(), ".")) parts_.push_back(part_of(budget, name));
  } else {
    parts_.push_back(attribute);
  }
}

Value AttributePath::of(Budget& budget, Value value, const Value* otherwise) const {
  for (const auto& part : parts_) {
    value = item_of(budget, value, part);
    if (otherwise && value.is<Undefined>()) value = *otherwise;
  }
  return value;
}

Value sort_key(Budget& budget, const Value& value, bool case_sensitive) {
  if (case_sensitive || !value.text()) return value;
  budget.step(value.text()->size() / 8);
  Text lower(&budget);
  python::append_lower(*value.text(), lower);
  return text_value(std::move(lower));
}

}  // namespace conceptune::jinja
