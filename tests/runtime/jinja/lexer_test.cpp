#include "conceptune/runtime/jinja/lexer.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"

namespace conceptune::jinja {
namespace {

/// Text as it is, tags as [word word].
std::string shown(std::string_view source) {
  std::string result, words;
  for (const auto& token : lex(source)) {
    switch (token.kind) {
      case Token::Kind::data:
        result += token.text;
        break;
      case Token::Kind::output_begin:
      case Token::Kind::block_begin:
        words.clear();
        break;
      case Token::Kind::output_end:
      case Token::Kind::block_end:
        result.append("[").append(words).append("]");
        break;
      default:
        words.append(words.empty() ? "" : " ").append(token.text);
    }
  }
  return result;
}

TEST(Lexer, CutsTextAndTags) {
  EXPECT_EQ(shown("a{{ b.c }}d{% if x == 'y' %}e"), "a[b . c]d[if x == y]e");
  EXPECT_EQ(shown("a {b} %}"), "a {b} %}");
  EXPECT_EQ(shown("{{ a//b**c<=d }}"), "[a // b ** c <= d]");
}

TEST(Lexer, TakesWhiteSpaceAsAsked) {
  EXPECT_EQ(shown("a \n {{- b -}} \n c"), "a[b]c");
  EXPECT_EQ(shown("a\n  {% b %}\n  c"), "a\n[b]  c");
  EXPECT_EQ(shown("a  {% b %}\n\nc"), "a  [b]\nc");
  EXPECT_EQ(shown("  {%+ b +%}\nc"), "  [b]\nc");
  EXPECT_EQ(shown("a {{ b }}\nc"), "a [b]\nc");
  EXPECT_EQ(shown("a\u3000{%- b -%}\u00a0c"), "a[b]c");
}

TEST(Lexer, LeavesCommentsAndTheLastLineFeedOut) {
  EXPECT_EQ(shown("a{# b {{ c }} ' #}d\n"), "ad");
  EXPECT_EQ(shown("a\r\n\r"), "a\n");
}

TEST(Lexer, TakesRawBlocksAsText) {
  EXPECT_EQ(shown("a{% raw %} {{ b }} {%- endraw %}c"), "a {{ b }}c");
  EXPECT_EQ(shown("{% raw %}{% endraw x %}{% endraw %}"), "{% endraw x %}");
}

TEST(Lexer, KeepsTagSignsInsideStringsAndBraces) {
  EXPECT_EQ(shown("{{ '}}' ~ \"%}\\n\" }}"), "[}} ~ %}\n]");
  EXPECT_EQ(shown("{{ {'a': {'b': 1}} }}"), "[{ a : { b : 1 } }]");
}

TEST(Lexer, CountsLines) {
  const auto tokens = lex("a\n{# \n #}{{ '\n'\n b }}{% raw %}\n{% endraw %}{{ c }}");
  int line_of_b = 0, line_of_c = 0;
  for (const auto& token : tokens) {
    if (token.is_name("b")) line_of_b = token.line;
    if (token.is_name("c")) line_of_c = token.line;
  }
  EXPECT_EQ(line_of_b, 5);
  EXPECT_EQ(line_of_c, 6);
}

TEST(Lexer, RefusesWhatDoesNotEnd) {
  for (const char* source : {"{{ a", "{{ 'a }}", "{# a", "{% raw %}a", "{{ (a }}", "{{ a) }}", "{{ (a] }}"})
    EXPECT_THROW(lex(source), InputError) << source;
}

TEST(Lexer, RefusesUnknownSigns) {
  for (const char* source :
       {"{{ a ? b }}", "{{ a ! b }}", "{{ é }}", "{{ aé }}", "{{ '\\x4' }}", "{{ 99999999999999999999 }}"})
    EXPECT_THROW(lex(source), InputError) << source;
}

}  // namespace
}  // namespace conceptune::jinja
