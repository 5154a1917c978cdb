#include "conceptune/runtime/jinja/parser.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/runtime/jinja/text_form.h"

namespace conceptune::jinja {
namespace {

std::string value_of_code(std::string_view code) {
  const auto expression = Parser("{{ " + std::string(code) + " }}").parse_output();
  Rendering rendering;
  rendering.scope->set("m", value_of(rendering.budget, {{"role", "user"}}));
  rendering.scope->set("n", {std::int64_t{3}});
  return std::string(str_of(rendering.budget, expression(rendering)));
}

TEST(Parser, BindsAsJinja) {
  EXPECT_EQ(value_of_code("1 + 2 * 3"), "7");
  EXPECT_EQ(value_of_code("-n + 1"), "-2");
  EXPECT_EQ(value_of_code("-1|abs"), "1");
  EXPECT_EQ(value_of_code("'a' + ' b ' | trim + 'c'"), "abc");
  EXPECT_EQ(value_of_code("not m is none"), "True");
  EXPECT_EQ(value_of_code("1 if n > 5 else 2 if n > 2 else 3"), "2");
  EXPECT_EQ(value_of_code("'a' ~ 1 + 2 ~ n"), "a123");
  EXPECT_EQ(value_of_code("1 < n < 3"), "False");
}

TEST(Parser, ReadsChainsOfMembersAndCalls) {
  EXPECT_EQ(value_of_code("m.role.split('s')[-1].upper()"), "ER");
  EXPECT_EQ(value_of_code("m['role'][1:3]"), "se");
  EXPECT_EQ(value_of_code("[1, [2]][1][0]"), "2");
  EXPECT_EQ(value_of_code("namespace(a=1, b='c').b"), "c");
  EXPECT_EQ(value_of_code("n is divisibleby 3 and m.role is in ['user']"), "True");
}

TEST(Parser, DoesNotRunWhatIsNotAsked) {
  EXPECT_EQ(value_of_code("true or raise_exception('no')"), "True");
  EXPECT_EQ(value_of_code("false and raise_exception('no')"), "False");
  EXPECT_EQ(value_of_code("1 if true else raise_exception('no')"), "1");
  EXPECT_EQ(value_of_code("2 < 1 < raise_exception('no')"), "False");
}

TEST(Parser, RefusesWhatIsNoExpression) {
  for (const char* code : {"", "1 +", "(1", "[1, 2", "a b", "a.", "a[", "f(", "a is", "a |", "1 = 2",
                           "f(a=1, 2)", "f(a=1, a=2)", "{1}", "a[]", "not"})
    EXPECT_THROW(value_of_code(code), InputError) << code;
}

TEST(Parser, FindsFramesOfTheWholeTemplate) {
  const auto parsed =
      Parser("{% for x in a %}{% set y = 1 %}{% endfor %}{% set b = 1 %}{% if c %}{% set d = 1 %}{% endif %}")
          .parse();
  EXPECT_EQ(parsed.frame->hidden(), std::vector<std::string>{"b"});
}

TEST(Parser, RefusesUnknownFiltersAtOnceButForBranches) {
  EXPECT_THROW(Parser("{% for x in [] %}{{ x|foo }}{% endfor %}").parse(), InputError);
  EXPECT_NO_THROW(Parser("{% if a %}{{ x|foo }}{% endif %}{{ x|bar if a }}").parse());
  EXPECT_NO_THROW(Parser("{{ x|wordwrap }}").parse());
}

}  // namespace
}  // namespace conceptune::jinja
