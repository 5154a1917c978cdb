#include "conceptune/runtime/jinja/value_tests.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "conceptune/base/python_characters.h"
#include "conceptune/runtime/jinja/filters.h"
#include "conceptune/runtime/jinja/operators.h"
#include "conceptune/runtime/jinja/python_numbers.h"
#include "conceptune/runtime/jinja/text_form.h"

namespace conceptune::jinja {
namespace {

using Form = List::Form;
using Is = bool (*)(Budget&, const Value&);

/// Tests of one value, without arguments.
struct PlainTest {
  std::string_view name;
  Is is;
};

template <class T>
bool is_a(Budget&, const Value& value) {
  return value.is<T>();
}

template <bool kTruth>
bool is_boolean(Budget&, const Value& value) {
  const auto* boolean = value.get<bool>();
  return boolean && *boolean == kTruth;
}

bool is_defined(Budget&, const Value& value) { return !value.is<Undefined>(); }
bool is_any_number(Budget&, const Value& value) { return is_number(value); }
bool is_string(Budget&, const Value& value) { return value.text() || value.is<Markup>(); }
bool is_callable(Budget&, const Value& value) {
  return value.callable() || value.loop() || value.is<Undefined>();
}

bool is_iterable(Budget&, const Value& value) {
  return value.text() || value.list() || value.dict() || value.loop() || value.is<Markup>() ||
         value.is<Undefined>();
}

bool is_sequence(Budget& budget, const Value& value) {
  if (value.loop()) return false;
  const auto* list = value.list();
  return is_iterable(budget, value) && (!list || list->is_sequence());
}

/// The remainder by 2 is 0 or 1.
template <int kRemainder>
bool has_remainder(Budget& budget, const Value& value) {
  return is_equal(budget, apply_operator(budget, "%", value, {std::int64_t{2}}), {std::int64_t{kRemainder}});
}

template <bool (*kIs)(std::string_view)>
bool is_of_case(Budget& budget, const Value& value) {
  const auto text = str_of(budget, value);
  budget.step(text.size() / 8);
  return kIs(text);
}

template <bool (*kIs)(std::string_view)>
bool is_name(Budget& budget, const Value& value) {
  check_hashable(budget, value);
  return value.text() && kIs(*value.text());
}

constexpr PlainTest kPlainTests[] = {
    {"boolean", is_a<bool>},
    {"callable", is_callable},
    {"defined", is_defined},
    {"escaped", is_a<Markup>},
    {"even", has_remainder<0>},
    {"false", is_boolean<false>},
    {"filter", is_name<is_filter>},
    {"float", is_a<double>},
    {"integer", is_a<std::int64_t>},
    {"iterable", is_iterable},
    {"lower", is_of_case<python::is_lower_text>},
    {"mapping", is_a<std::shared_ptr<const Dict>>},
    {"none", is_a<None>},
    {"number", is_any_number},
    {"odd", has_remainder<1>},
    {"sequence", is_sequence},
    {"string", is_string},
    {"test", is_name<is_test>},
    {"true", is_boolean<true>},
    {"undefined", is_a<Undefined>},
    {"upper", is_of_case<python::is_upper_text>},
};

/// Tests that are an operator between the value and an argument.
struct OperatorTest {
  std::string_view name, sign;
};

constexpr OperatorTest kOperatorTests[] = {
    {"==", "=="},      {"eq", "=="},         {"equalto", "=="}, {"!=", "!="}, {"ne", "!="}, {">", ">"},
    {"gt", ">"},       {"greaterthan", ">"}, {">=", ">="},      {"ge", ">="}, {"<", "<"},   {"lt", "<"},
    {"lessthan", "<"}, {"<=", "<="},         {"le", "<="},      {"in", "in"},
};

template <class Test, std::size_t N>
const Test* find_test(const Test (&tests)[N], std::string_view name) {
  const auto* found = std::ranges::find(tests, name, &Test::name);
  return found == std::end(tests) ? nullptr : found;
}

bool is_same(Budget& budget, const Value& left, const Value& right) {
  if (left.content.index() != right.content.index()) return false;
  if (!left.is<None>() && !left.is<bool>())
    budget.refuse(fmt::format("test 'sameas' of {}", kind_of(left)));  // which of equal objects are one
  return is_equal(budget, left, right);
}

}  // namespace

bool is_test(std::string_view name) {
  return find_test(kPlainTests, name) || find_test(kOperatorTests, name) || name == "divisibleby" ||
         name == "sameas";
}

bool apply_test(Budget& budget, std::string_view name, const Value& value, const Arguments& arguments) {
  budget.step();
  const auto what = fmt::format("test '{}'", name);
  if (const auto* test = find_test(kPlainTests, name)) {
    const Bound bound(budget, what, arguments, {});
    return test->is(budget, value);
  }
  if (const auto* test = find_test(kOperatorTests, name)) {
    const Bound bound(budget, what, arguments, {test->sign == "in" ? "seq" : "/other"}, 1);
    return holds(budget, test->sign, value, *bound[0]);
  }
  if (name == "sameas") {
    const Bound bound(budget, what, arguments, {"other"}, 1);
    return is_same(budget, value, *bound[0]);
  }
  if (name != "divisibleby") budget.fail(fmt::format("there is no test '{}'", name));
  const Bound bound(budget, what, arguments, {"num"}, 1);
  return is_equal(budget, apply_operator(budget, "%", value, *bound[0]), {std::int64_t{0}});
}

}  // namespace conceptune::jinja
