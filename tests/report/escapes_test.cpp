#include "conceptune/report/escapes.h"

#include <gtest/gtest.h>

namespace conceptune::report {
namespace {

TEST(Escapes, OfHtmlLatexAndMarkdown) {
  EXPECT_EQ(escape_html("<a href=\"x\">'&"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
  EXPECT_EQ(escape_latex("100 % \\ ~ −1 ↑"), "100 \\% \\textbackslash{} \\textasciitilde{} $-$1 $\\uparrow$");
  EXPECT_EQ(escape_markdown("a|b\n*c*"), "a\\|b \\*c\\*");
}

TEST(CsvField, IsQuotedWhereItMustBe) {
  EXPECT_EQ(csv_field("plain"), "plain");
  EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_field("say \"x\"\n"), "\"say \"\"x\"\"\n\"");
}

TEST(CsvField, IsNoFormula) {
  EXPECT_EQ(csv_field("=HYPERLINK(1)"), "'=HYPERLINK(1)");
  EXPECT_EQ(csv_field("@SUM"), "'@SUM");
  EXPECT_EQ(csv_field("+1-2"), "'+1-2");
  EXPECT_EQ(csv_field("-arm"), "'-arm");
  EXPECT_EQ(csv_field("\t=1"), "'\t=1");
  for (const char* harmless : {"-1.5", "+0.25", "-1e-05", "-", "a=b"})
    EXPECT_EQ(csv_field(harmless), harmless);
}

}  // namespace
}  // namespace conceptune::report
