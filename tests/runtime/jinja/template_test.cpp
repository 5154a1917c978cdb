#include "conceptune/runtime/jinja/template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <iostream>

#include "conceptune/base/error.h"
#include "tests/runtime/jinja/golden_cases.h"
#include "tests/support/inputs.h"

namespace conceptune::jinja {
namespace {

std::string rendered(std::string_view source) { return Template(source).render({}); }

/// What refuses the template, or "".
std::string refusal_of(std::string_view source, const std::map<std::string, Json>& variables = {}) {
  try {
    Template(source).render(variables);
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

// Every text is Jinja's, or the template is refused; and what is refused although Jinja renders it is known
// by name.
TEST(Template, GivesTheTextOfJinjaOrRefusesByName) {
  const auto golden = read_json_file(test::source("tests/reference/jinja.json"), "test");
  std::map<std::string, Json> variables;
  for (const auto& [name, value] : golden.at("variables").items()) variables[name] = value;
  const auto cases = golden_cases(golden);
  int rendered_alike = 0, refused_by_name = 0;
  for (const auto& [source, text, refusal] : cases) {
    std::string ours;
    try {
      ours = Template(source).render(variables);
    } catch (const InputError& error) {
      EXPECT_TRUE(refusal || !text) << source << "\nis refused: " << error.what();
      if (!refusal) continue;
      EXPECT_THAT(error.what(),
                  ::testing::AllOf(::testing::HasSubstr(*refusal), ::testing::HasSubstr("not supported")))
          << source;
      ++refused_by_name;
      continue;
    }
    EXPECT_FALSE(refusal) << source << "\nis rendered, but known as refused for " << *refusal;
    EXPECT_EQ(text, ours) << source;
    ++rendered_alike;
  }
  std::cout << cases.size() << " templates: " << rendered_alike << " rendered as by Jinja, "
            << refused_by_name << " refused by name though Jinja renders them, "
            << cases.size() - static_cast<std::size_t>(rendered_alike + refused_by_name)
            << " refused as by Jinja\n";
  EXPECT_GT(rendered_alike, 5000);
}

TEST(Template, NamesTheLine) {
  EXPECT_EQ(refusal_of("a\n{% if x %}\n{{ 'a'|wordwrap }}{% endif %}\n{{ 1 / 0 }}"),
            "rendering chat template: line 4: division by zero");
  EXPECT_EQ(refusal_of("a\r\nb\n{% foo %}"),
            "reading chat template: line 3: tag 'foo' was not expected here");
  EXPECT_EQ(refusal_of("{# \n #}\n{{ '\n' }}{{ a.b }}"),
            "rendering chat template: line 4: 'b' of something undefined");
  EXPECT_EQ(refusal_of("{% macro m() %}\n{{ 1 }}\n{% endmacro %}\n{{ m() + 1 }}"),
            "rendering chat template: line 4: '+' of text and an integer");
  EXPECT_EQ(refusal_of("\n{{ raise_exception('roles must alternate') }}"),
            "rendering chat template: line 2: the template refuses: roles must alternate");
}

TEST(Template, RefusesWhatIsNotUtf8) {
  EXPECT_THROW(Template("a\xff"), InputError);
  EXPECT_NE(refusal_of("{{ a }}", {{"a", "\xc3"}}), "");
  EXPECT_NE(refusal_of("{{ a }}", {{"a", {{"\xc3", 1}}}}), "");
}

TEST(Template, IsRenderedAgainAndAgain) {
  const Template counted(
      "{% set n = namespace(x=0) %}{% for i in list %}{% set n.x = n.x + i %}{% endfor %}{{ n.x }}");
  EXPECT_EQ(counted.render({{"list", {1, 2}}}), "3");
  EXPECT_EQ(counted.render({{"list", {5}}}), "5");
}

std::string repeated(std::string_view text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

// Each grows without bound in work, memory or depth.
const std::string kHostile[] = {

    // Rounds and steps.
    "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
    "{% for a in range(99999) %}{% set x = range(99999)|length %}{% endfor %}", "{% set x = range(100001) %}",
    repeated("{% for a in [1, 2, 3, 4] %}", 15) + repeated("{% endfor %}", 15),
    "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(30) }}",
    "{% set a = 'a' * 999999 %}{% set b = 'a' * 499999 ~ 'b' %}{% for i in range(9999) %}{{ b in a }}{% "
    "endfor %}",
    "{% set a = 'a' * 999999 %}{% for i in range(9999) %}{{ a[499999] }}{% endfor %}",
    "{{ ('a' * 99999).strip('b' * 99999 ~ 'a') }}",
    "{% set a = 'ΑΣ' * 99999 %}{% for i in range(9999) %}{% set b = a|lower %}{% endfor %}",
    "{{ range(99999)|map('string')|unique|list }}", "{{ [[0] * 9999] * 9999 }}",
    "{% set n = namespace(x=[1], y=[1]) %}{% for i in range(60) %}{% set n.x = [n.x, n.x] %}"
    "{% set n.y = [n.y, n.y] %}{% endfor %}{{ n.x == n.y }}",
    "{% set n = namespace(x=(1, 2)) %}{% for i in range(60) %}{% set n.x = (n.x, n.x) %}{% endfor %}"
    "{{ {n.x: 1} }}",
    // Bytes.
    "{% set n = namespace(x='aa') %}{% for i in range(99) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
    "{% set n = namespace(x=[1]) %}{% for i in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}",
    "{{ ('x' * 999999) * 9999 }}", "{{ [0] * 9223372036854775807 }}", "{{ 'x' * 9223372036854775807 }}",
    "{% set x = 'x' * 99999 %}{% for i in range(9999) %}{{ x }}{% endfor %}",
    "{{ ('a' * 9999).replace('a', 'b' * 9999) }}", "{{ ('a' * 9999).replace('', 'b' * 9999) }}",
    "{{ ('x' * 9999).join('a' * 9999) }}", "{{ (['x' * 99999] * 999)|join }}",
    "{{ (['x' * 99999] * 999)|tojson }}", "{{ 'x'|indent(999999999) }}", "{{ ('x\\n' * 9999)|indent(9999) }}",
    "{{ [[0]]|tojson(indent=9999999999) }}", "{{ ('a,' * 999999).split(',')|length }}",
    "{{ ('a' * 999999)|list|length }}",
    "{% set n = namespace() %}{% for i in range(99999) %}{% set n.p = namespace(p=n.p) %}{% endfor %}",
    "{% set n = namespace(x=[1]) %}{% for i in range(90) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ n.x }}",
    "{% set n = namespace(x=[1]) %}{% for i in range(90) %}{% set n.x = [n.x, n.x] %}{% endfor %}{{ "
    "n.x|tojson }}",
    "{% macro m(x) %}{{ x }}{{ x }}{% endmacro %}{{ " + repeated("m(", 40) + "'a'" + repeated(")", 40) +
        " }}",
    // Depth.
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% macro m() %}{% call n() %}{% endcall %}{% endmacro %}{% macro n() %}{{ m() }}{{ caller() }}{% "
    "endmacro %}{{ m() }}",
    "{% set n = namespace(x=[]) %}{% for i in range(9999) %}{% set n.x = [n.x] %}{% endfor %}",
    "{% set n = namespace(x={}) %}{% for i in range(9999) %}{% set n.x = {'a': n.x} %}{% endfor %}",
    "{% set n = namespace(f=[].count) %}{% for i in range(9999) %}{% set n.f = [n.f].count %}{% endfor %}",
    "{{ 'a'|map(" + repeated("'map', ", 4000) + "'upper')|list }}",
    "{{ " + repeated("(", 4000) + "1" + repeated(")", 4000) + " }}",
    "{{ " + repeated("[", 4000) + repeated("]", 4000) + " }}", "{{ " + repeated("not ", 4000) + "1 }}",
    "{{ " + repeated("-", 4000) + "1 }}", "{{ 1" + repeated(" + 1", 4000) + " }}",
    "{{ 1" + repeated(" or 1", 4000) + " }}", "{{ a" + repeated(".b", 4000) + " }}",
    "{{ a" + repeated("|upper", 4000) + " }}", "{{ a" + repeated("[0]", 4000) + " }}",
    "{{ 1" + repeated(" if 1 else 1", 4000) + " }}", repeated("{% if 1 %}", 4000),
    repeated("{% set a %}", 4000)};

TEST(Template, EndsHostileTemplatesSoon) {
  for (const auto& source : kHostile) {
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_THAT(refusal_of(source),
                ::testing::ContainsRegex("takes more than|levels deep|nested|range of more than"))
        << source.substr(0, 100);
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    EXPECT_LT(seconds, 10) << source.substr(
        0, 100);  // far below one, unless the machine is busy or checks memory
  }
}

TEST(Template, LetsNamespacesHoldOneAnother) {
  EXPECT_EQ(rendered("{% set n = namespace() %}{% set n.n = n %}{% set n.l = [n] %}{{ n.n.l[0].n == n }}"),
            "True");
}

TEST(Template, BoundsItsOwnSize) {
  EXPECT_EQ(rendered(std::string(kMaxSourceBytes, 'a')).size(), kMaxSourceBytes);
  EXPECT_THROW(Template(std::string(kMaxSourceBytes + 1, 'a')), InputError);
}

}  // namespace
}  // namespace conceptune::jinja
