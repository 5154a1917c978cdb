#include "conceptune/runtime/jinja/jinja_parser.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"

namespace conceptune::jinja {
namespace {

Json value_of(std::string_view code) {
  const auto parts = lex_jinja("{{ " + std::string(code) + " }}");
  JinjaExpressionParser parser(parts.at(0).tokens);
  const auto expression = parser.expression();
  parser.expect_end();
  JinjaContext context;
  context.scopes.push_back({{"m", jinja_value({{"role", "user"}})}, {"n", jinja_value(3)}});
  const auto value = expression(context);
  return value ? *value : Json("undefined");
}

TEST(JinjaParser, BindsAsJinja) {
  EXPECT_EQ(value_of("1 + 2 * 3"), 7);
  EXPECT_EQ(value_of("(1 + 2) * 3"), 9);
  EXPECT_EQ(value_of("-n + 1"), -2);
  EXPECT_EQ(value_of("'a' + ' b ' | trim + 'c'"), "abc");
  EXPECT_EQ(value_of("not m is none"), true);
  EXPECT_EQ(value_of("not n == 3 or true"), true);
  EXPECT_EQ(value_of("1 if n > 5 else 2 if n > 2 else 3"), 2);
  EXPECT_EQ(value_of("'a' ~ 1 ~ n"), "a13");
}

TEST(JinjaParser, ReadsChainsOfMembersAndCalls) {
  EXPECT_EQ(value_of("m.role.split('s')[-1].upper()"), "ER");
  EXPECT_EQ(value_of("m['role'][1:3]"), "se");
  EXPECT_EQ(value_of("[1, [2]][1][0]"), 2);
  EXPECT_EQ(value_of("m.missing"), "undefined");
  EXPECT_EQ(value_of("'role' in m and 'x' not in m"), true);
  EXPECT_EQ(value_of("namespace(a=1, b='c').b"), "c");
}

TEST(JinjaParser, DoesNotRunWhatIsNotAsked) {
  EXPECT_EQ(value_of("true or raise_exception('no')"), true);
  EXPECT_EQ(value_of("false and raise_exception('no')"), false);
  EXPECT_EQ(value_of("1 if true else raise_exception('no')"), 1);
}

TEST(JinjaParser, RefusesWhatIsNoExpression) {
  for (const char* code :
       {"", "1 +", "(1", "[1, 2", "a b", "a.", "a[", "f(", "a is", "a |", "99999999999999999999"})
    EXPECT_THROW(value_of(code), InputError) << code;
}

TEST(JinjaParser, RefusesFunctionsItDoesNotKnowWhenTheyAreCalled) {
  EXPECT_EQ(value_of("1 if true else strftime_now('%d')"), 1);
  EXPECT_THROW(value_of("strftime_now('%d')"), InputError);
}

TEST(JinjaParser, RefusesDeepNesting) {
  EXPECT_THROW(value_of(std::string(200, '(') + "1" + std::string(200, ')')), InputError);
  EXPECT_THROW(value_of(std::string(300, '-') + "1"), InputError);
}

}  // namespace
}  // namespace conceptune::jinja
