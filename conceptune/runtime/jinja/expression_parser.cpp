// Expressions: from the conditional down to the signs of numbers.
#include <fmt/format.h>

#include "conceptune/runtime/jinja/operators.h"
#include "conceptune/runtime/jinja/parser.h"
#include "conceptune/runtime/jinja/text_form.h"

namespace conceptune::jinja {
namespace {

int deepest(std::initializer_list<int> depths) { return std::max(depths); }

int deepest(const std::vector<Expression>& expressions) {
  int depth = 0;
  for (const auto& expression : expressions) depth = std::max(depth, expression.depth());
  return depth;
}

/// A chain of comparisons: every operand is evaluated once, and none after the first that does not hold.
struct Comparison {
  Expression first;
  std::vector<std::string> signs;
  std::vector<Expression> others;

  Value operator()(Rendering& rendering) const {
    auto left = first(rendering);
    for (std::size_t i = 0; i < signs.size(); ++i) {
      auto right = others[i](rendering);
      if (!holds(rendering.budget, signs[i], left, right)) return {false};
      left = std::move(right);
    }
    return {true};
  }
};

}  // namespace

Expression Parser::node(int line, int depth_inside, Expression::Function function) const {
  if (depth_inside >= kMaxNesting) fail_at(line, "an expression is nested too deeply");
  return {line, depth_inside + 1, std::move(function)};
}

bool Parser::is_tuple_end() const {
  return token().kind == Token::Kind::output_end || token().kind == Token::Kind::block_end ||
         token().is_sign(")");
}

Expression Parser::tuple(bool with_conditions, bool in_parentheses) {
  const int line = token().line;
  std::vector<Expression> parts;
  bool is_tuple = false;
  while (true) {
    if (!parts.empty()) expect_sign(",");
    if (is_tuple_end()) break;
    parts.push_back(expression(with_conditions));
    if (!token().is_sign(",")) break;
    is_tuple = true;
  }
  if (!is_tuple && !parts.empty()) return parts[0];
  if (parts.empty() && !in_parentheses) fail_unexpected();
  return node(line, deepest(parts), [parts](Rendering& rendering) {
    Items items(&rendering.budget);
    for (const auto& part : parts) items.push_back(part(rendering));
    return list_value(rendering.budget, std::move(items), List::Form::tuple);
  });
}

Expression Parser::expression(bool with_conditions) {
  return with_conditions ? conditional() : disjunction();
}

Expression Parser::conditional() {
  const Nesting nesting(*this);
  const auto known_before = unknown_.size();
  const int line = token().line;
  auto value = disjunction();
  while (take_name("if")) {
    auto condition = disjunction();
    auto otherwise = take_name("else") ? conditional() : Expression();
    unknown_.resize(known_before);  // Jinja looks for filters and tests here when it needs them
    const int depth = deepest({value.depth(), condition.depth(), otherwise.depth()});
    value = node(line, depth, [value, condition, otherwise](Rendering& rendering) {
      if (is_true(condition(rendering))) return value(rendering);
      return otherwise ? otherwise(rendering) : Value();
    });
  }
  return value;
}

Expression Parser::disjunction() {
  const int line = token().line;
  auto left = conjunction();
  while (take_name("or")) {
    auto right = conjunction();
    left = node(line, deepest({left.depth(), right.depth()}), [left, right](Rendering& rendering) {
      auto value = left(rendering);
      return is_true(value) ? value : right(rendering);
    });
  }
  return left;
}

Expression Parser::conjunction() {
  const int line = token().line;
  auto left = negation();
  while (take_name("and")) {
    auto right = negation();
    left = node(line, deepest({left.depth(), right.depth()}), [left, right](Rendering& rendering) {
      auto value = left(rendering);
      return is_true(value) ? right(rendering) : value;
    });
  }
  return left;
}

Expression Parser::negation() {
  const int line = token().line;
  if (!take_name("not")) return comparison();
  const Nesting nesting(*this);
  auto value = negation();
  return node(line, value.depth(),
              [value](Rendering& rendering) { return Value{!is_true(value(rendering))}; });
}

std::string Parser::comparison_sign() {
  for (const auto* sign : {"==", "!=", "<=", ">=", "<", ">"})
    if (take_sign(sign)) return sign;
  if (take_name("in")) return "in";
  if (!token().is_name("not") || !next().is_name("in")) return "";
  position_ += 2;
  return "not in";
}

Expression Parser::comparison() {
  const int line = token().line;
  Comparison chain{sum(), {}, {}};
  for (auto sign = comparison_sign(); !sign.empty(); sign = comparison_sign()) {
    chain.signs.push_back(std::move(sign));
    chain.others.push_back(sum());
  }
  if (chain.signs.empty()) return chain.first;
  return node(line, deepest({chain.first.depth(), deepest(chain.others)}), chain);
}

Expression Parser::operation(int line, std::string sign, Expression left, Expression right) {
  const int depth = deepest({left.depth(), right.depth()});
  return node(
      line, depth,
      [line, sign = std::move(sign), left = std::move(left), right = std::move(right)](Rendering& rendering) {
        const auto first = left(rendering);
        const auto second = right(rendering);
        rendering.budget.line = line;
        return apply_operator(rendering.budget, sign, first, second);
      });
}

Expression Parser::sum() {
  const int line = token().line;
  auto left = concatenation();
  while (token().is_sign("+") || token().is_sign("-")) {
    auto sign = tokens_[position_++].text;
    left = operation(line, std::move(sign), std::move(left), concatenation());
  }
  return left;
}

Expression Parser::concatenation() {
  const int line = token().line;
  std::vector<Expression> parts = {product()};
  while (take_sign("~")) parts.push_back(product());
  if (parts.size() == 1) return parts[0];
  return node(line, deepest(parts), [parts](Rendering& rendering) {
    Text text(&rendering.budget);
    for (const auto& part : parts) append_str(rendering.budget, part(rendering), text);
    return text_value(std::move(text));
  });
}

Expression Parser::product() {
  const int line = token().line;
  auto left = unary();
  while (token().is_sign("*") || token().is_sign("/") || token().is_sign("//") || token().is_sign("%")) {
    auto sign = tokens_[position_++].text;
    left = operation(line, std::move(sign), std::move(left), unary());
  }
  if (token().is_sign("**")) fail("'**' is not supported");
  return left;
}

Expression Parser::unary(bool with_filters) {
  const int line = token().line;
  Expression value;
  if (token().is_sign("-") || token().is_sign("+")) {
    const Nesting nesting(*this);
    auto sign = tokens_[position_++].text;
    auto operand = unary(false);
    value = node(line, operand.depth(), [sign, operand](Rendering& rendering) {
      return apply_sign(rendering.budget, sign, operand(rendering));
    });
  } else {
    value = primary();
  }
  value = postfix(std::move(value));
  return with_filters ? filters_and_tests(std::move(value)) : value;
}

}  // namespace conceptune::jinja
