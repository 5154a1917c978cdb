#include "conceptune/runtime/jinja/jinja_lexer.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"

namespace conceptune::jinja {
namespace {

/// Text as it is, tags as [word word].
std::string shown(std::string_view source) {
  std::string result;
  for (const auto& part : lex_jinja(source)) {
    if (part.kind == JinjaPart::Kind::text) {
      result += part.text;
      continue;
    }
    std::string words;
    for (const auto& token : part.tokens) words += (words.empty() ? "" : " ") + token.text;
    result += '[';
    result += words.substr(0, words.empty() ? 0 : words.size() - 1);
    result += ']';
  }
  return result;
}

TEST(JinjaLexer, CutsTextAndTags) {
  EXPECT_EQ(shown("a{{ b.c }}d{% if x == 'y' %}e"), "a[b . c]d[if x == y]e");
  EXPECT_EQ(shown("a {b} %}"), "a {b} %}");
}

TEST(JinjaLexer, TakesWhiteSpaceAsAsked) {
  EXPECT_EQ(shown("a \n {{- b -}} \n c"), "a[b]c");
  EXPECT_EQ(shown("a\n  {% b %}\n  c"), "a\n[b]  c");
  EXPECT_EQ(shown("a  {% b %}\n\nc"), "a  [b]\nc");
  EXPECT_EQ(shown("  {%+ b +%}\nc"), "  [b]\nc");
  EXPECT_EQ(shown("a {{ b }}\nc"), "a [b]\nc");
}

TEST(JinjaLexer, LeavesCommentsAndTheLastLineFeedOut) {
  EXPECT_EQ(shown("a{# b {{ c }} ' #}d\n"), "ad");
  EXPECT_EQ(shown("a\n\n"), "a\n");
}

TEST(JinjaLexer, KeepsTagSignsInsideStrings) { EXPECT_EQ(shown("{{ '}}' ~ \"%}\\n\" }}"), "[}} ~ %}\n]"); }

TEST(JinjaLexer, RefusesWhatDoesNotEnd) {
  EXPECT_THROW(lex_jinja("{{ a"), InputError);
  EXPECT_THROW(lex_jinja("{{ 'a }}"), InputError);
  EXPECT_THROW(lex_jinja("{# a"), InputError);
}

TEST(JinjaLexer, RefusesUnknownSignsAndEndlessTags) {
  EXPECT_THROW(lex_jinja("{{ a ? b }}"), InputError);
  EXPECT_THROW(lex_jinja("{{ '\\q' }}"), InputError);
  std::string many = "{{ a";
  for (int i = 0; i < 2000; ++i) many += "+a";
  EXPECT_THROW(lex_jinja(many + " }}"), InputError);
}

}  // namespace
}  // namespace conceptune::jinja
