#include "conceptune/runtime/jinja/parser.h"

#include <fmt/format.h>

#include "conceptune/base/error.h"
#include "conceptune/runtime/jinja/filters.h"
#include "conceptune/runtime/jinja/operators.h"

namespace conceptune::jinja {
namespace {

constexpr std::string_view kKeywords[] = {"and", "else", "elif", "if", "in", "is", "not", "or"};
constexpr std::string_view kConstants[] = {"true", "false", "none", "True", "False", "None"};
// Names that Jinja gives a meaning of their own, which would have to hold wherever they are set.
constexpr std::string_view kSpecialNames[] = {"loop", "caller", "varargs", "kwargs", "self"};

bool is_among(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

void Target::assign(Rendering& rendering, const Value& value) const {
  auto& budget = rendering.budget;
  if (is_tuple) {
    const auto list = iterated(budget, value);
    if (list->values.size() != parts.size())
      budget.fail(
          fmt::format("{} of {} where {} are expected", kind_of(value), list->values.size(), parts.size()));
    for (std::size_t i = 0; i < parts.size(); ++i) parts[i].assign(rendering, list->values[i]);
  } else if (member.empty()) {
    rendering.scope->set(name, value);
  } else {
    const auto holder = variable(rendering, name);
    if (!holder.name_space())
      budget.fail(fmt::format("'{}.{}' is set, but {} is no namespace", name, member, name));
    holder.name_space()->set(member, value);
  }
}

Value FilterCall::apply(Rendering& rendering, const Value& value) const {
  const auto given = arguments.evaluate(rendering);
  rendering.budget.line = line;
  return apply_filter(rendering.budget, name, value, given);
}

Parser::Parser(std::string_view source) : tokens_(lex(source)) {}

ParsedTemplate Parser::parse() {
  const InFunction function(*this);
  ParsedTemplate parsed{place_.frame, block({})};
  if (token().kind != Token::Kind::end) fail_unexpected();
  for (const auto& frame : frames_) frame->close();
  return parsed;
}

Expression Parser::parse_output() {
  const InFunction function(*this);
  expect(Token::Kind::output_begin);
  auto value = tuple();
  expect(Token::Kind::output_end);
  return value;
}

bool Parser::take_name(std::string_view name) {
  const bool found = token().is_name(name);
  position_ += found;
  return found;
}

bool Parser::take_sign(std::string_view sign) {
  const bool found = token().is_sign(sign);
  position_ += found;
  return found;
}

void Parser::expect_name(std::string_view name) {
  if (!take_name(name)) fail_unexpected();
}

void Parser::expect_sign(std::string_view sign) {
  if (!take_sign(sign)) fail_unexpected();
}

void Parser::expect(Token::Kind kind) {
  if (token().kind != kind) fail_unexpected();
  ++position_;
}

std::string Parser::name() {
  if (token().kind != Token::Kind::name) fail_unexpected();
  return tokens_[position_++].text;
}

void Parser::fail_at(int line, std::string_view problem) {
  throw InputError("reading chat template", fmt::format("line {}", line), excerpt(problem));
}

void Parser::fail_unexpected() const {
  switch (token().kind) {
    case Token::Kind::end:
      fail("the template ends within a block");
    case Token::Kind::output_end:
    case Token::Kind::block_end:
      fail("the end of the tag was not expected here");
    default:
      fail(fmt::format("'{}' was not expected here", token().text));
  }
}

void Parser::read_name(const std::string& name) {
  if (is_among(kKeywords, name)) fail(fmt::format("variable '{}' is not supported", name));
  if (!names_allowed_) fail(fmt::format("variable '{}' in a filter of a set block is not supported", name));
  if (name == "self") fail("'self' is not supported");
  if ((name == "varargs" || name == "kwargs") && place_.function->outer)
    fail(fmt::format("'{}' is not supported", name));
  if (name == "caller")
    for (auto* function = place_.function; function; function = function->outer)
      function->mentions_caller = true;
  place_.frame->read(name);
}

void Parser::set_names(const Target& target) {
  for (const auto& part : target.parts) set_names(part);
  if (!target.member.empty()) {
    place_.frame->read(target.name);
  } else if (!target.is_tuple) {
    place_.frame->set(target.name, place_.branches > 0);
  }
}

void Parser::declare_names(const Target& target) {
  for (const auto& part : target.parts) declare_names(part);
  if (!target.is_tuple) place_.frame->declare(target.name);
}

Target Parser::target(bool with_members) {
  Target whole;
  while (true) {
    if (!whole.parts.empty()) expect_sign(",");
    if (is_tuple_end()) break;
    whole.parts.push_back(target_part(with_members));
    if (!token().is_sign(",")) break;
    whole.is_tuple = true;
  }
  if (whole.parts.empty()) fail_unexpected();
  return whole.is_tuple ? whole : whole.parts[0];
}

Target Parser::target_part(bool with_members) {
  const Nesting nesting(*this);
  if (take_sign("(")) {
    auto part = target(false);
    expect_sign(")");
    return part;
  }
  Target part;
  if (with_members && next().is_sign(".")) {
    part.name = name();
    expect_sign(".");
    part.member = name();
  } else {
    part.name = name_to_set();
  }
  return part;
}

std::string Parser::name_to_set() {
  const auto text = name();
  if (is_among(kConstants, text) || is_among(kKeywords, text)) fail(fmt::format("'{}' cannot be set", text));
  if (is_among(kSpecialNames, text)) fail(fmt::format("setting '{}' is not supported", text));
  return text;
}

void Parser::check_known(bool is_known, std::string_view kind, const std::string& name, int line) {
  // Jinja looks for what is in a branch when it runs, and for all else at once.
  if (!is_known && place_.branches == 0)
    unknown_.emplace_back(line, fmt::format("there is no {} '{}'", kind, name));
}

void Parser::refuse_unknown() {
  if (!unknown_.empty()) fail_at(unknown_[0].first, unknown_[0].second);
}

}  // namespace conceptune::jinja
