// Operands: literals, names, members, calls, filters and tests.
#include <fmt/format.h>

#include <charconv>
#include <set>

#include "conceptune/runtime/jinja/filters.h"
#include "conceptune/runtime/jinja/members.h"
#include "conceptune/runtime/jinja/operators.h"
#include "conceptune/runtime/jinja/parser.h"
#include "conceptune/runtime/jinja/value_tests.h"

namespace conceptune::jinja {
namespace {

/// A value of the template, in memory of its own.
Value constant_text(std::string_view text) { return {std::make_shared<const Text>(text)}; }

}  // namespace

Expression Parser::primary() {
  switch (token().kind) {
    case Token::Kind::name:
      return named();
    case Token::Kind::text:
    case Token::Kind::integer:
    case Token::Kind::number:
      return literal();
    default:
      break;
  }
  if (take_sign("(")) {
    auto value = tuple(true, true);
    expect_sign(")");
    return value;
  }
  if (take_sign("[")) return list();
  if (take_sign("{")) return dict();
  fail_unexpected();
}

Expression Parser::literal() {
  const int line = token().line;
  const auto constant = [&](Value value) {
    return node(line, 0, [value = std::move(value)](Rendering&) { return value; });
  };
  if (token().kind == Token::Kind::text) {
    std::string text;
    while (token().kind == Token::Kind::text) text += tokens_[position_++].text;
    return constant(constant_text(text));
  }
  const auto& digits = tokens_[position_].text;
  const bool is_integer = tokens_[position_++].kind == Token::Kind::integer;
  std::int64_t integer = 0;
  double number = 0;
  if (is_integer) {
    std::from_chars(digits.data(), digits.data() + digits.size(), integer);
    return constant({integer});
  }
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return constant({number});
}

Expression Parser::named() {
  const int line = token().line;
  const auto constant = [&](Value value) {
    ++position_;
    return node(line, 0, [value = std::move(value)](Rendering&) { return value; });
  };
  const auto& text = token().text;
  if (text == "true" || text == "True") return constant({true});
  if (text == "false" || text == "False") return constant({false});
  if (text == "none" || text == "None") return constant({None{}});
  read_name(text);
  return node(line, 0, [text = name()](Rendering& rendering) { return variable(rendering, text); });
}

/// After the opening bracket.
Expression Parser::list() {
  const int line = token().line;
  std::vector<Expression> parts;
  int depth = 0;
  while (!take_sign("]")) {
    if (!parts.empty()) expect_sign(",");
    if (take_sign("]")) break;
    parts.push_back(expression());
    depth = std::max(depth, parts.back().depth());
  }
  return node(line, depth, [parts](Rendering& rendering) {
    Items items(&rendering.budget);
    for (const auto& part : parts) items.push_back(part(rendering));
    return list_value(rendering.budget, std::move(items));
  });
}

/// After the opening brace.
Expression Parser::dict() {
  const int line = token().line;
  std::vector<std::pair<Expression, Expression>> parts;
  int depth = 0;
  while (!take_sign("}")) {
    if (!parts.empty()) expect_sign(",");
    if (take_sign("}")) break;
    auto key = expression();
    expect_sign(":");
    parts.emplace_back(std::move(key), expression());
    depth = std::max({depth, parts.back().first.depth(), parts.back().second.depth()});
  }
  return node(line, depth, [parts](Rendering& rendering) {
    Entries entries(&rendering.budget);
    for (const auto& [key, value] : parts) {
      auto name = key(rendering);
      set_entry(rendering.budget, entries, std::move(name), value(rendering));
    }
    return dict_value(rendering.budget, std::move(entries));
  });
}

Expression Parser::postfix(Expression value) {
  while (true) {
    if (take_sign(".")) {
      value = member(std::move(value));
    } else if (take_sign("[")) {
      value = subscript(std::move(value));
    } else if (token().is_sign("(")) {
      value = call(std::move(value));
    } else {
      return value;
    }
  }
}

Expression Parser::member(Expression value) {
  const int line = token().line;
  if (token().kind == Token::Kind::integer) {
    const auto index = literal();
    return node(line, value.depth(), [value, index](Rendering& rendering) {
      return item_of(rendering.budget, value(rendering), index(rendering));
    });
  }
  return node(line, value.depth(), [value, key = name()](Rendering& rendering) {
    return attribute_of(rendering.budget, value(rendering), key);
  });
}

/// value[key] or value[begin:end:step], after the opening bracket.
Expression Parser::subscript(Expression value) {
  const int line = token().line;
  if (take_sign(":")) return slice(std::move(value), Expression(), line);
  auto key = expression();
  if (take_sign(":")) return slice(std::move(value), std::move(key), line);
  if (token().is_sign(",")) fail("a tuple between brackets is not supported");
  expect_sign("]");
  return node(line, std::max(value.depth(), key.depth()), [value, key](Rendering& rendering) {
    const auto object = value(rendering);
    return item_of(rendering.budget, object, key(rendering));
  });
}

/// After the first colon.
Expression Parser::slice(Expression value, Expression begin, int line) {
  const auto bound = [&] {
    return token().is_sign(":") || token().is_sign("]") ? Expression() : expression();
  };
  auto end = bound();
  auto step = take_sign(":") ? bound() : Expression();
  expect_sign("]");
  const int depth = std::max({value.depth(), begin.depth(), end.depth(), step.depth()});
  return node(line, depth, [value, begin, end, step](Rendering& rendering) {
    const auto given = [&](const Expression& part) { return part ? part(rendering) : Value{None{}}; };
    const auto object = value(rendering);
    const auto first = given(begin), last = given(end);
    return slice_of(rendering.budget, object, first, last, given(step));
  });
}

Expression Parser::call(Expression callee) {
  const int line = token().line;
  auto site = std::make_shared<CallSite>();
  site->arguments = arguments();
  site->callee = std::move(callee);
  const int depth = std::max(site->callee.depth(), site->arguments.depth());
  if (depth >= kMaxNesting) fail_at(line, "an expression is nested too deeply");
  return {line, depth + 1, std::shared_ptr<const CallSite>(std::move(site))};
}

ArgumentList Parser::arguments() {
  ArgumentList list;
  std::set<std::string> names;
  expect_sign("(");
  while (!take_sign(")")) {
    if (!list.positional.empty() || !list.named.empty()) {
      expect_sign(",");
      if (take_sign(")")) break;
    }
    if (token().is_sign("*") || token().is_sign("**"))
      fail(fmt::format("'{}' of arguments is not supported", token().text));
    if (token().kind == Token::Kind::name && next().is_sign("=")) {
      auto key = name();
      if (!names.insert(key).second) fail(fmt::format("argument '{}' is there twice", key));
      expect_sign("=");
      list.named.emplace_back(std::move(key), expression());
    } else {
      if (!list.named.empty()) fail("an argument without a name follows one with a name");
      list.positional.push_back(expression());
    }
  }
  return list;
}

Expression Parser::filters_and_tests(Expression value) {
  while (true) {
    if (take_sign("|")) {
      auto applied = filter();
      const int depth = std::max(value.depth(), applied.arguments.depth());
      value = node(applied.line, depth, [value, applied](Rendering& rendering) {
        return applied.apply(rendering, value(rendering));
      });
    } else if (take_name("is")) {
      value = test(std::move(value));
    } else if (token().is_sign("(")) {
      value = call(std::move(value));
    } else {
      return value;
    }
  }
}

FilterCall Parser::filter() {
  FilterCall call{token().line, name(), {}};
  while (take_sign(".")) call.name.append(".").append(name());
  check_known(is_filter(call.name), "filter", call.name, call.line);
  if (token().is_sign("(")) call.arguments = arguments();
  return call;
}

/// After `is`.
Expression Parser::test(Expression value) {
  const int line = token().line;
  const bool is_negated = take_name("not");
  auto test = name();
  while (take_sign(".")) test.append(".").append(name());
  check_known(is_test(test), "test", test, line);
  ArgumentList given;
  const bool is_operand = token().kind == Token::Kind::name || token().kind == Token::Kind::text ||
                          token().kind == Token::Kind::integer || token().kind == Token::Kind::number ||
                          token().is_sign("[") || token().is_sign("{");
  if (token().is_sign("(")) {
    given = arguments();
  } else if (is_operand && !token().is_name("else") && !token().is_name("or") && !token().is_name("and")) {
    given.positional.push_back(postfix(primary()));
  }
  const int depth = std::max(value.depth(), given.depth());
  return node(line, depth, [line, value, test, given, is_negated](Rendering& rendering) {
    const auto object = value(rendering);
    const auto values = given.evaluate(rendering);
    rendering.budget.line = line;
    return Value{apply_test(rendering.budget, test, object, values) != is_negated};
  });
}

}  // namespace conceptune::jinja
