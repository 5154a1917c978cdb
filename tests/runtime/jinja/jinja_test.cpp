#include "conceptune/runtime/jinja/jinja.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"

namespace conceptune::jinja {
namespace {

std::string rendered(std::string_view source) {
  return JinjaTemplate(source).render({{"list", Json::array({1, 2, 3})}, {"none", nullptr}});
}

TEST(Jinja, ChoosesBranches) {
  EXPECT_EQ(rendered("{% if missing %}a{% elif list %}b{% else %}c{% endif %}"), "b");
  EXPECT_EQ(rendered("{% if missing %}a{% elif none %}b{% else %}c{% endif %}"), "c");
}

TEST(Jinja, LoopsWithItsVariable) {
  EXPECT_EQ(rendered("{% for i in list %}{{ loop.index }}{{ i }}{{ ',' if not loop.last }}{% endfor %}"),
            "11,22,33");
  EXPECT_EQ(rendered("{% for i in missing %}a{% else %}b{% endfor %}"), "b");
  EXPECT_EQ(rendered("{% for i in list if i != 2 %}{{ i }}/{{ loop.length }} {% endfor %}"), "1/2 3/2 ");
}

TEST(Jinja, TakesItemsApart) {
  EXPECT_EQ(rendered("{% for k, v in namespace(a=1, b=2).items() %}{{ k }}={{ v }} {% endfor %}"),
            "a=1 b=2 ");
}

TEST(Jinja, KeepsWhatALoopSetsInside) {
  EXPECT_EQ(rendered("{% set x = 0 %}{% for i in list %}{% set x = i %}{% endfor %}{{ x }}"), "0");
  EXPECT_EQ(
      rendered("{% set n = namespace(x=0) %}{% for i in list %}{% set n.x = n.x + i %}{% endfor %}{{ n.x }}"),
      "6");
}

TEST(Jinja, RefusesWhatItDoesNotKnow) {
  for (const char* source : {"{% macro f() %}{% endmacro %}", "{% include 'x' %}", "{% if a %}",
                             "{% endif %}", "{% for a %}{% endfor %}", "{% for a, b in list %}{% endfor %}",
                             "{% set a %}b{% endset %}", "{% else %}", "{{ a }", "{% if a %}{% endfor %}"})
    EXPECT_THROW(rendered(source), InputError) << source;
}

TEST(Jinja, RefusesEndlessWork) {
  EXPECT_THROW(rendered("{% for i in range(1000000) %}{% for j in range(1000000) %}{% endfor %}{% endfor %}"),
               InputError);
  EXPECT_THROW(rendered("{% for i in range(10000000) %}{% endfor %}"), InputError);
  EXPECT_THROW(rendered("{% set n = namespace(x='aaaaaaaa') %}{% for i in range(100) %}"
                        "{% set n.x = n.x + n.x %}{% endfor %}"),
               InputError);
  std::string deep;
  for (int i = 0; i < 500; ++i) deep += "{% if true %}";
  for (int i = 0; i < 500; ++i) deep += "{% endif %}";
  EXPECT_THROW(rendered(deep), InputError);
}

}  // namespace
}  // namespace conceptune::jinja
