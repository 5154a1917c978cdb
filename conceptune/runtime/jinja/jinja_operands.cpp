// The operands of expressions: constants, names, calls, members, slices, filters and tests.
#include <fmt/format.h>

#include <charconv>

#include "conceptune/base/error.h"
#include "conceptune/runtime/jinja/jinja.h"
#include "conceptune/runtime/jinja/jinja_parser.h"

namespace conceptune::jinja {
namespace {

std::vector<JinjaValue> values_of(const std::vector<JinjaExpression>& expressions, JinjaContext& context) {
  std::vector<JinjaValue> values;
  values.reserve(expressions.size());
  for (const auto& expression : expressions) values.push_back(expression(context));
  return values;
}

JinjaExpression constant(Json value) {
  return [value = jinja_value(std::move(value))](JinjaContext&) { return value; };
}

JinjaValue range(const std::vector<JinjaValue>& arguments) {
  std::vector<std::int64_t> bounds;
  for (const auto& argument : arguments)
    if (argument && argument->is_number_integer()) bounds.push_back(argument->get<std::int64_t>());
  if (bounds.size() != arguments.size() || bounds.empty() || bounds.size() > 2)
    throw InputError("reading chat template", "range", "expected one or two integers");
  const auto begin = bounds.size() == 2 ? bounds[0] : 0;
  const auto end = bounds.back();
  if (end > begin &&
      static_cast<std::uint64_t>(end) - static_cast<std::uint64_t>(begin) > JinjaTemplate::kMaxSteps)
    throw InputError("reading chat template", "range", "too long");
  Json list = Json::array();
  for (auto i = begin; i < end; ++i) list.push_back(i);
  return jinja_value(std::move(list));
}

}  // namespace

JinjaExpression JinjaExpressionParser::primary() {
  if (take_sign("(")) {
    auto value = expression();
    expect_sign(")");
    return value;
  }
  if (take_sign("[")) return list();
  if (token().kind == JinjaToken::Kind::string) {
    std::string text;
    while (token().kind == JinjaToken::Kind::string) text += tokens_[position_++].text;
    return constant(text);
  }
  if (token().kind == JinjaToken::Kind::integer) {
    const auto& digits = tokens_[position_++].text;
    std::int64_t value = 0;
    if (std::from_chars(digits.data(), digits.data() + digits.size(), value).ec != std::errc()) fail();
    return constant(value);
  }
  return named(name());
}

JinjaExpression JinjaExpressionParser::list() {
  std::vector<JinjaExpression> items;
  while (!take_sign("]")) {
    if (!items.empty()) expect_sign(",");
    items.push_back(expression());
  }
  return [items = std::move(items)](JinjaContext& context) {
    Json list = Json::array();
    for (const auto& item : values_of(items, context)) list.push_back(item ? *item : Json());
    return jinja_value(std::move(list));
  };
}

JinjaExpression JinjaExpressionParser::named(const std::string& name) {
  if (name == "true" || name == "True") return constant(true);
  if (name == "false" || name == "False") return constant(false);
  if (name == "none" || name == "None") return constant(nullptr);
  if (!take_sign("(")) return [name](JinjaContext& context) { return context.find(name); };
  if (name == "namespace") return call_of_namespace();
  return [name, given = arguments()](JinjaContext& context) {
    const auto values = values_of(given, context);
    if (name == "range") return range(values);
    if (name != "raise_exception")
      throw InputError("rendering chat template", "expression",
                       fmt::format("function '{}' is not supported", name));
    throw InputError("rendering chat template", "the template refuses",
                     values.empty() ? "no reason given" : text_of(values[0]));
  };
}

JinjaExpression JinjaExpressionParser::call_of_namespace() {
  std::vector<std::pair<std::string, JinjaExpression>> members;
  while (!take_sign(")")) {
    if (!members.empty()) expect_sign(",");
    auto key = name();
    expect_sign("=");
    members.emplace_back(std::move(key), expression());
  }
  return [members = std::move(members)](JinjaContext& context) {
    Json object = Json::object();
    for (const auto& [key, expression] : members) {
      const auto value = expression(context);
      object[key] = value ? *value : Json();
    }
    return jinja_value(std::move(object));
  };
}

/// After the opening parenthesis. Names of arguments are read over: what is supported takes them in this
/// order.
std::vector<JinjaExpression> JinjaExpressionParser::arguments() {
  std::vector<JinjaExpression> list;
  while (!take_sign(")")) {
    if (!list.empty()) expect_sign(",");
    const bool is_named = token().kind == JinjaToken::Kind::name && tokens_[position_ + 1].text == "=";
    if (is_named) position_ += 2;
    list.push_back(expression());
  }
  return list;
}

JinjaExpression JinjaExpressionParser::postfix(JinjaExpression value) {
  while (true) {
    if (take_sign(".")) {
      const auto key = name();
      if (take_sign("(")) {
        value = [value = std::move(value), key, given = arguments()](JinjaContext& context) {
          const auto object = value(context);
          return call_method(key, object, values_of(given, context));
        };
      } else {
        value = [value = std::move(value), key](JinjaContext& context) {
          return member_of(value(context), key);
        };
      }
    } else if (take_sign("[")) {
      value = subscript(std::move(value));
    } else {
      return value;
    }
  }
}

/// value[key] or value[begin:end:step], after the opening bracket.
JinjaExpression JinjaExpressionParser::subscript(JinjaExpression value) {
  const auto bound = [&]() -> JinjaExpression {
    const bool absent =
        token().kind == JinjaToken::Kind::sign && (token().text == ":" || token().text == "]");
    return absent ? [](JinjaContext&) { return JinjaValue(); } : expression();
  };
  auto first = bound();
  if (take_sign("]")) {
    return [value = std::move(value), first = std::move(first)](JinjaContext& context) {
      const auto object = value(context);
      const auto key = first(context);
      return member_of(object, key ? *key : Json());
    };
  }
  expect_sign(":");
  auto last = bound();
  auto step = take_sign(":") ? bound() : constant(1);
  expect_sign("]");
  return [value = std::move(value), first = std::move(first), last = std::move(last),
          step = std::move(step)](JinjaContext& context) {
    const auto stride = step(context);
    const bool is_integer = stride && stride->is_number_integer();
    return slice_of(value(context), first(context), last(context),
                    is_integer ? stride->get<std::int64_t>() : 1);
  };
}

JinjaExpression JinjaExpressionParser::filters_and_tests(JinjaExpression value) {
  while (true) {
    if (take_sign("|")) {
      const auto filter = name();
      auto given = take_sign("(") ? arguments() : std::vector<JinjaExpression>();
      value = [value = std::move(value), filter, given = std::move(given)](JinjaContext& context) {
        const auto object = value(context);
        return apply_filter(filter, object, values_of(given, context));
      };
    } else if (take_name("is")) {
      const bool inverted = take_name("not");
      const auto test = name();
      value = [value = std::move(value), test, inverted](JinjaContext& context) {
        return jinja_value(apply_test(test, value(context)) != inverted);
      };
    } else {
      return value;
    }
  }
}

}  // namespace conceptune::jinja
