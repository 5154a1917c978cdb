// Filters of one value.
#include <cmath>

#include "conceptune/runtime/jinja/filter_functions.h"
#include "conceptune/runtime/jinja/operators.h"
#include "conceptune/runtime/jinja/python_numbers.h"
#include "conceptune/runtime/jinja/text_form.h"

namespace conceptune::jinja {
namespace {

Value truncated(Budget& budget, double number) {
  if (std::abs(number) >= 0x1p63) budget.refuse("an integer beyond 64 bits");
  return {static_cast<std::int64_t>(number)};
}

Value given_or(const Value* given, Value otherwise) {
  if (given) return *given;
  return otherwise;
}

}  // namespace

Value filter_abs(Budget& budget, const Value& value, const Arguments& arguments) {
  const Bound bound(budget, "filter 'abs'", arguments, {});
  if (!is_number(value)) budget.fail("filter 'abs' needs a number");
  return apply_sign(budget, std::signbit(as_double(value)) ? "-" : "+", value);
}

Value filter_default(Budget& budget, const Value& value, const Arguments& arguments) {
  const Bound bound(budget, "filter 'default'", arguments, {"default_value", "boolean"});
  if (!value.is<Undefined>() && (!bound.truth(1) || is_true(value))) return value;
  return bound[0] ? *bound[0] : text_value(budget, "");
}

Value filter_float(Budget& budget, const Value& value, const Arguments& arguments) {
  const Bound bound(budget, "filter 'float'", arguments, {"default"});
  if (value.is<Undefined>()) budget.fail("filter 'float' of something undefined");
  if (is_number(value)) return {as_double(value)};
  const auto number = value.text() ? parse_number(budget, *value.text()) : std::nullopt;
  return number ? Value{*number} : given_or(bound[0], {0.0});
}

Value filter_int(Budget& budget, const Value& value, const Arguments& arguments) {
  const Bound bound(budget, "filter 'int'", arguments, {"default", "base"});
  if (value.is<Undefined>()) budget.fail("filter 'int' of something undefined");
  if (const auto integer = value.as_integer()) return {*integer};
  if (const auto* number = value.get<double>()) return truncated(budget, *number);
  if (!value.text()) return given_or(bound[0], {std::int64_t{0}});
  if (bound[1] && bound[1]->as_integer() != 10) budget.refuse("a base other than 10");
  if (const auto parsed = parse_integer(budget, *value.text())) return {*parsed};
  if (const auto number = parse_number(budget, *value.text())) return truncated(budget, *number);
  return given_or(bound[0], {std::int64_t{0}});
}

Value filter_safe(Budget& budget, const Value& value, const Arguments& arguments) {
  const Bound bound(budget, "filter 'safe'", arguments, {});
  return {Markup{*text_value(str_of(budget, value)).get<std::shared_ptr<const Text>>()}};
}

Value filter_string(Budget& budget, const Value& value, const Arguments& arguments) {
  const Bound bound(budget, "filter 'string'", arguments, {});
  return value.text() || value.is<Markup>() ? value : text_value(str_of(budget, value));
}

Value filter_tojson(Budget& budget, const Value& value, const Arguments& arguments) {
  const Bound bound(budget, "filter 'tojson'", arguments,
                    {"ensure_ascii", "indent", "separators", "sort_keys"});
  JsonForm form;
  form.ascii = bound.truth(0);
  form.sort_keys = bound.truth(3);
  Text indent(&budget);
  if (bound[1] && !bound[1]->is<None>()) {
    indent = indentation(budget, *bound[1]);
    form.lines = true;
    form.indent = indent;
    form.item_separator = ",";
  }
  const auto separators = bound[2] && !bound[2]->is<None>() ? items_of(budget, *bound[2]) : Items(&budget);
  if (bound[2] && !bound[2]->is<None>()) {
    if (separators.size() != 2 || !separators[0].text() || !separators[1].text())
      budget.fail("filter 'tojson' needs two texts as separators");
    form.item_separator = *separators[0].text();
    form.key_separator = *separators[1].text();
  }
  Text result(&budget);
  append_json(budget, value, form, result);
  return text_value(std::move(result));
}

}  // namespace conceptune::jinja
