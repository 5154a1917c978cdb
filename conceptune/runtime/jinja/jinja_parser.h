// Jinja parts to closures that run them.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "conceptune/runtime/jinja/jinja_builtins.h"
#include "conceptune/runtime/jinja/jinja_lexer.h"

namespace conceptune::jinja {

/// What a rendering changes.
struct JinjaContext {
  std::vector<std::map<std::string, JinjaValue>> scopes;  // innermost last
  std::string output;
  std::size_t steps = 0;

  JinjaValue find(const std::string& name) const;
  void set(const std::string& name, JinjaValue value) { scopes.back()[name] = std::move(value); }
  /// name.key = value for a namespace, in the scope where it was made.
  void set_member(const std::string& name, const std::string& key, const JinjaValue& value);
};

using JinjaExpression = std::function<JinjaValue(JinjaContext&)>;
using JinjaStatement = std::function<void(JinjaContext&)>;

/// Parses the words of one expression or statement.
class JinjaExpressionParser {
 public:
  explicit JinjaExpressionParser(const std::vector<JinjaToken>& tokens) : tokens_(tokens) {}

  /// A whole expression: `a if b else c`, or, and, not, comparisons, arithmetic, filters, tests, calls.
  JinjaExpression expression();
  /// The same without the conditional form (of a `for`).
  JinjaExpression disjunction();

  bool take_name(std::string_view name);
  bool take_sign(std::string_view sign);
  void expect_sign(std::string_view sign);
  void expect_name(std::string_view name);
  std::string name();
  void expect_end() const;
  [[noreturn]] void fail() const;

 private:
  JinjaExpression conjunction();
  JinjaExpression negation();
  JinjaExpression comparison();
  JinjaExpression sum();
  JinjaExpression concatenation();
  JinjaExpression product();
  JinjaExpression unary();
  JinjaExpression primary();
  JinjaExpression list();
  JinjaExpression named(const std::string& name);
  JinjaExpression postfix(JinjaExpression value);
  JinjaExpression filters_and_tests(JinjaExpression value);
  JinjaExpression subscript(JinjaExpression value);
  JinjaExpression call_of_namespace();
  std::vector<JinjaExpression> arguments();

  const JinjaToken& token() const { return tokens_[position_]; }

  const std::vector<JinjaToken>& tokens_;
  std::size_t position_ = 0;
  int depth_ = 0;
};

}  // namespace conceptune::jinja
