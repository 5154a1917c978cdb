// Templates to what runs in a rendering, by Jinja's grammar.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "conceptune/runtime/jinja/lexer.h"
#include "conceptune/runtime/jinja/rendering.h"

namespace conceptune::jinja {

/// A parsed template.
struct ParsedTemplate {
  std::shared_ptr<const Frame> frame;
  Block body;
};

/// What {% set %}, {% for %} and {% with %} assign to: a name, a namespace's member, or several of them.
struct Target {
  std::string name, member;
  std::vector<Target> parts;
  bool is_tuple = false;

  /// Throws InputError when the value cannot be taken apart so, or the member is not a namespace's.
  void assign(Rendering& rendering, const Value& value) const;
};

/// A filter as written, without its value.
struct FilterCall {
  int line;
  std::string name;
  ArgumentList arguments;

  Value apply(Rendering& rendering, const Value& value) const;
};

/// Parses one template. Every member that parses moves past what it has parsed; all throw InputError, with
/// the line, for what is no Jinja or not supported.
class Parser {
 public:
  explicit Parser(std::string_view source);

  ParsedTemplate parse();
  /// `{{ expression }}` and nothing else, for tests of expressions.
  Expression parse_output();

 private:
  /// What Python makes one function of: the template, a macro, the block of a call.
  struct FunctionState {
    FunctionState* outer = nullptr;
    int loops = 0;
    bool mentions_caller = false;
  };
  /// Where in the template the parser is.
  struct Place {
    std::shared_ptr<Frame> frame;
    int branches = 0;  // {% if %} inside one another in the frame
    FunctionState* function = nullptr;
  };
  class InFrame;
  class InFunction;
  class Nesting;

  // Tokens (parser.cpp).
  const Token& token() const { return tokens_[position_]; }
  const Token& next() const { return tokens_[std::min(position_ + 1, tokens_.size() - 1)]; }
  bool take_name(std::string_view name);
  bool take_sign(std::string_view sign);
  void expect_name(std::string_view name);
  void expect_sign(std::string_view sign);
  void expect(Token::Kind kind);
  std::string name();
  [[noreturn]] void fail(std::string_view problem) const { fail_at(token().line, problem); }
  [[noreturn]] static void fail_at(int line, std::string_view problem);
  [[noreturn]] void fail_unexpected() const;

  // Names (parser.cpp).
  void read_name(const std::string& name);
  void set_names(const Target& target);
  void declare_names(const Target& target);
  void check_known(bool is_known, std::string_view kind, const std::string& name, int line);
  void refuse_unknown();

  // Statements (statement_parser.cpp, tag_parser.cpp).
  Block block(std::initializer_list<std::string_view> ends);
  /// The end of a tag, statements, and the beginning of a tag of one of the names, which is not taken.
  Block tag_body(std::initializer_list<std::string_view> ends);
  /// The same with the tag's name taken.
  Block whole_body(std::string_view end);
  Statement output();
  Statement tag();
  Statement if_tag();
  Statement for_tag();
  Statement set_tag();
  Statement set_block(Target target);
  Statement macro_tag();
  Statement call_tag();
  Statement filter_tag();
  Statement with_tag();
  Statement generation_tag();
  Statement loop_control_tag(Flow flow);
  void signature(Macro& macro);
  Target target(bool with_members);
  Target target_part(bool with_members);
  std::string name_to_set();

  // Expressions (expression_parser.cpp).
  Expression tuple(bool with_conditions = true, bool in_parentheses = false);
  bool is_tuple_end() const;
  Expression expression(bool with_conditions = true);
  Expression conditional();
  Expression disjunction();
  Expression conjunction();
  Expression negation();
  Expression comparison();
  std::string comparison_sign();
  Expression sum();
  Expression concatenation();
  Expression product();
  Expression unary(bool with_filters = true);
  Expression operation(int line, std::string sign, Expression left, Expression right);
  Expression node(int line, int depth_inside, Expression::Function function) const;

  // Operands (operand_parser.cpp).
  Expression primary();
  Expression named();
  Expression literal();
  Expression list();
  Expression dict();
  Expression postfix(Expression value);
  Expression filters_and_tests(Expression value);
  Expression member(Expression value);
  Expression subscript(Expression value);
  Expression slice(Expression value, Expression begin, int line);
  Expression call(Expression callee);
  ArgumentList arguments();
  FilterCall filter();
  Expression test(Expression value);

  std::vector<Token> tokens_;
  std::size_t position_ = 0;
  std::vector<std::shared_ptr<Frame>> frames_;  // all of the template
  Place place_;
  int nesting_ = 0;
  bool names_allowed_ = true;
  // Filters and tests that Jinja does not have, with their lines.
  std::vector<std::pair<int, std::string>> unknown_;
};

// What a parser is inside of, for as long as these live.

/// A scope of the template.
class Parser::InFrame {
 public:
  explicit InFrame(Parser& parser) : parser_(parser), before_(parser.place_) {
    parser.place_ = {std::make_shared<Frame>(before_.frame), 0, before_.function};
    parser.frames_.push_back(parser.place_.frame);
  }
  ~InFrame() { parser_.place_ = before_; }
  InFrame(const InFrame&) = delete;
  InFrame& operator=(const InFrame&) = delete;

 private:
  Parser& parser_;
  Place before_;
};

/// A function in Python's sense, with its scope.
class Parser::InFunction {
 public:
  explicit InFunction(Parser& parser) : in_frame_(parser), state_{parser.place_.function} {
    parser.place_.function = &state_;
  }
  InFunction(const InFunction&) = delete;
  InFunction& operator=(const InFunction&) = delete;

  bool mentions_caller() const { return state_.mentions_caller; }

 private:
  InFrame in_frame_;
  FunctionState state_;
};

/// One of the expressions or blocks inside one another, up to kMaxNesting.
class Parser::Nesting {
 public:
  explicit Nesting(Parser& parser) : parser_(parser) {
    if (parser.nesting_ == kMaxNesting) parser.fail("nested too deeply");
    ++parser.nesting_;
  }
  ~Nesting() { --parser_.nesting_; }
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;

 private:
  Parser& parser_;
};

}  // namespace conceptune::jinja
