#include "conceptune/runtime/jinja/jinja_parser.h"

#include <fmt/format.h>

#include "conceptune/base/error.h"
#include "conceptune/runtime/jinja/jinja.h"

namespace conceptune::jinja {
namespace {

constexpr std::string_view kDoing = "reading chat template";

JinjaExpression operation(std::string name, JinjaExpression left, JinjaExpression right) {
  return [name = std::move(name), left = std::move(left), right = std::move(right)](JinjaContext& context) {
    const auto first = left(context);
    return apply_operator(name, first, right(context));
  };
}

JinjaExpression inverse(JinjaExpression value) {
  return [value = std::move(value)](JinjaContext& context) { return jinja_value(!is_true(value(context))); };
}

/// Counts the nesting of the parser's calls.
class Depth {
 public:
  explicit Depth(int& depth) : depth_(depth) {
    if (++depth_ > JinjaTemplate::kMaxDepth) throw InputError(kDoing, "expression", "nested too deeply");
  }
  ~Depth() { --depth_; }

 private:
  int& depth_;
};

}  // namespace

JinjaValue JinjaContext::find(const std::string& name) const {
  for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope)
    if (const auto found = scope->find(name); found != scope->end()) return found->second;
  return nullptr;
}

void JinjaContext::set_member(const std::string& name, const std::string& key, const JinjaValue& value) {
  for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope) {
    const auto found = scope->find(name);
    if (found == scope->end()) continue;
    Json changed = found->second && found->second->is_object() ? *found->second : Json::object();
    changed[key] = value ? *value : Json();
    found->second = jinja_value(std::move(changed));
    return;
  }
  throw InputError("rendering chat template", name, "set of a member of something undefined");
}

void JinjaExpressionParser::fail() const {
  throw InputError(kDoing, "expression", fmt::format("'{}' was not expected here", token().text));
}

bool JinjaExpressionParser::take_name(std::string_view name) {
  const bool found = token().kind == JinjaToken::Kind::name && token().text == name;
  position_ += found;
  return found;
}

bool JinjaExpressionParser::take_sign(std::string_view sign) {
  const bool found = token().kind == JinjaToken::Kind::sign && token().text == sign;
  position_ += found;
  return found;
}

void JinjaExpressionParser::expect_sign(std::string_view sign) {
  if (!take_sign(sign)) fail();
}

void JinjaExpressionParser::expect_name(std::string_view name) {
  if (!take_name(name)) fail();
}

void JinjaExpressionParser::expect_end() const {
  if (token().kind != JinjaToken::Kind::end) fail();
}

std::string JinjaExpressionParser::name() {
  if (token().kind != JinjaToken::Kind::name) fail();
  return tokens_[position_++].text;
}

JinjaExpression JinjaExpressionParser::expression() {
  const Depth depth(depth_);
  auto value = disjunction();
  while (take_name("if")) {
    auto condition = disjunction();
    auto otherwise = take_name("else") ? expression() : [](JinjaContext&) { return JinjaValue(); };
    value = [value = std::move(value), condition = std::move(condition),
             otherwise = std::move(otherwise)](JinjaContext& context) {
      return is_true(condition(context)) ? value(context) : otherwise(context);
    };
  }
  return value;
}

JinjaExpression JinjaExpressionParser::disjunction() {
  auto left = conjunction();
  while (take_name("or")) {
    left = [left = std::move(left), right = conjunction()](JinjaContext& context) {
      auto value = left(context);
      return is_true(value) ? value : right(context);
    };
  }
  return left;
}

JinjaExpression JinjaExpressionParser::conjunction() {
  auto left = negation();
  while (take_name("and")) {
    left = [left = std::move(left), right = negation()](JinjaContext& context) {
      auto value = left(context);
      return is_true(value) ? right(context) : value;
    };
  }
  return left;
}

JinjaExpression JinjaExpressionParser::negation() {
  const Depth depth(depth_);
  return take_name("not") ? inverse(negation()) : comparison();
}

JinjaExpression JinjaExpressionParser::comparison() {
  auto left = sum();
  while (true) {
    bool found = false;
    for (const auto* sign : {"==", "!=", "<=", ">=", "<", ">"})
      if (!found && (found = take_sign(sign))) left = operation(sign, std::move(left), sum());
    if (!found && (found = take_name("in"))) left = operation("in", std::move(left), sum());
    if (!found && (found = take_name("not"))) {
      expect_name("in");
      left = inverse(operation("in", std::move(left), sum()));
    }
    if (!found) return left;
  }
}

JinjaExpression JinjaExpressionParser::sum() {
  auto left = concatenation();
  while (true) {
    const auto* sign = take_sign("+") ? "+" : take_sign("-") ? "-" : nullptr;
    if (!sign) return left;
    left = operation(sign, std::move(left), concatenation());
  }
}

JinjaExpression JinjaExpressionParser::concatenation() {
  auto left = product();
  while (take_sign("~")) left = operation("~", std::move(left), product());
  return left;
}

JinjaExpression JinjaExpressionParser::product() {
  auto left = unary();
  while (true) {
    const auto* sign = take_sign("*")    ? "*"
                       : take_sign("//") ? "//"
                       : take_sign("/")  ? "/"
                       : take_sign("%")  ? "%"
                                         : nullptr;
    if (!sign) return left;
    left = operation(sign, std::move(left), unary());
  }
}

JinjaExpression JinjaExpressionParser::unary() {
  const Depth depth(depth_);
  if (take_sign("-"))
    return operation(
        "-", [](JinjaContext&) { return jinja_value(0); }, unary());
  return filters_and_tests(postfix(primary()));
}

}  // namespace conceptune::jinja
