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

TEST(Table, CsvQuotesWhatNeedsIt) {
  EXPECT_EQ(to_csv(sample_table()),
            "metric,λ <0>\na|b,\"1.5 +0.2 [0.1, 0.3]\"\n\"say \"\"x\"\"\",undefined no pairs\n");
}

TEST(Table, CsvHasNoFormulas) {
  const auto csv_of = [](const char* text) {
    return to_csv({"t", "", {"c"}, {{Cell{text, "", Tone::neutral}}}}).substr(2);
  };
  EXPECT_EQ(csv_of("=HYPERLINK(1)"), "'=HYPERLINK(1)\n");
  EXPECT_EQ(csv_of("@SUM"), "'@SUM\n");
  EXPECT_EQ(csv_of("+1-2"), "'+1-2\n");
  EXPECT_EQ(csv_of("\t=1"), "'\t=1\n");
  for (const char* harmless : {"-1.5", "+0.25", "-1e-05", "-", "a=b"})
    EXPECT_EQ(csv_of(harmless), std::string(harmless) + "\n");
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
  EXPECT_EQ(escape_latex("100 % \\ ~ −1 ↑"), "100 \\% \\textbackslash{} \\textasciitilde{} $-$1 $\\uparrow$");
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
