#include "conceptune/report/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conceptune::report {
namespace {

using testing::HasSubstr;
using testing::Not;

Table sample_table() {
  return {"sample",
          "A & B_1",
          {"metric", "λ <0>"},
          {{{"a|b", "", {}}, {"1.5", "+0.2 [0.1, 0.3]", Tone::better}},
           {{"say \"x\"", "", {}}, {"undefined", "no pairs", {}}}}};
}

TEST(Table, HtmlIsEscapedAndNamesItsHeaders) {
  const std::string html = to_html(sample_table());
  EXPECT_THAT(html, HasSubstr("<caption>A &amp; B_1</caption>"));
  EXPECT_THAT(html, HasSubstr("<th scope=\"col\">λ &lt;0&gt;</th>"));
  EXPECT_THAT(html, HasSubstr("<th scope=\"row\">say &quot;x&quot;</th>"));
  EXPECT_THAT(html, HasSubstr("▲"));
  EXPECT_THAT(html, Not(HasSubstr("<0>")));
}

TEST(Table, FiguresStayInALineAndRemarksDoNot) {
  const std::string html = to_html(
      {"t", "", {"a", "b"}, {{{"1", "[−0.0012, 0.0086]"}, {"2", "fewer than 50 items, 16 passages"}}}});
  EXPECT_THAT(html, HasSubstr("<small class=\"figures\">[−0.0012, 0.0086]</small>"));
  EXPECT_THAT(html, HasSubstr("<small>fewer than 50 items, 16 passages</small>"));
}

TEST(Table, CsvQuotesWhatNeedsIt) {
  EXPECT_EQ(to_csv(sample_table()),
            "metric,λ <0>\na|b,\"1.5 +0.2 [0.1, 0.3]\"\n\"say \"\"x\"\"\",undefined no pairs\n");
}

TEST(Table, CsvGivesNumbersColumnsOfTheirOwn) {
  Cell both{"1.50", "+0.2 [0.1, 0.3]", Tone::better, {}, {{"", 1.504}, {"difference", 0.25}}};
  Cell one{"−2", "", Tone::neutral, {}, {{"", -2}}};
  EXPECT_EQ(to_csv({"t", "", {"arm", "men"}, {{{"a"}, both}, {{"b"}, one}, {{"c"}, {"undefined", "why"}}}}),
            "arm,men,men difference\na,1.504,0.25\nb,-2,\nc,,\n");
}

TEST(Table, CellsSayWhatTheyAreSortedBy) {
  const std::string html =
      to_html({"t", "", {"arm", "men"}, {{{"a"}, {"1.5", "", Tone::neutral, {}, {{"", 1.504}}}}}});
  EXPECT_THAT(html, HasSubstr("<td data-value=\"1.504\">1.5</td>"));
}

TEST(Table, TheBestIsBoldAndFurtherLinesHaveTonesOfTheirOwn) {
  const Table table{
      "t", "", {"arm", "men"}, {{{"a"}, {"1.5", "base", Tone::better, {{"next", Tone::worse}}, {}, true}}}};
  EXPECT_THAT(to_html(table),
              HasSubstr("<b>1.5</b><small><span class=\"better\" title=\"better\">▲</span> base</small>"
                        "<small><span class=\"worse\" title=\"worse\">▼</span> next</small>"));
  EXPECT_THAT(to_markdown(table), HasSubstr("| **1.5 base next** |"));
  EXPECT_THAT(to_latex(table), HasSubstr("\\textbf{1.5 base next}"));
}

TEST(Table, MarkdownEscapesItsOwnSigns) {
  const std::string text = to_markdown(sample_table());
  EXPECT_THAT(text, HasSubstr("| a\\|b | 1.5 +0.2 \\[0.1, 0.3\\] |"));
  EXPECT_THAT(text, HasSubstr("|---|---:|"));
}

TEST(Table, LatexEscapesItsOwnSigns) {
  const std::string text = to_latex(sample_table());
  EXPECT_THAT(text, HasSubstr("\\caption{A \\& B\\_1}"));
  EXPECT_THAT(text, HasSubstr("metric & $\\lambda$ <0> \\\\"));
}

TEST(Table, PlainTextAlignsColumnsByCharacters) {
  EXPECT_EQ(to_plain_text(
                {"", "", {"a", "b"}, {{{"λλλ", "", {}}, {"1", "", {}}}, {{"x", "", {}}, {"22", "", {}}}}}),
            "a     b\nλλλ   1\nx    22\n");
}

TEST(Table, ARowOfPlainTextIsALine) {
  EXPECT_EQ(to_plain_text({"", "", {"a", "\x1b[2J"}, {{{"x\ny", "", {}}, {"\xff", "\u202e", {}}}}}),
            "a       \\u001b[2J\nx\\ny  \\xff \\u202e\n");
}

}  // namespace
}  // namespace conceptune::report
