// Man pages and the page of commands.
#include "cli/command_pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/listed_program.h"

namespace conceptune::cli {
namespace {

using testing::HasSubstr;

TEST(CommandPages, ManPageTellsOfACommand) {
  const std::string page = man_page(test::listed_program().commands[0], "1.2.3");
  EXPECT_THAT(page, HasSubstr(".TH CONCEPTUNE\\-JOIN 1 \"\" \"conceptune 1.2.3\""));
  EXPECT_THAT(page, HasSubstr(".B conceptune join [OPTIONS] files...\n"));
  EXPECT_THAT(page, HasSubstr(".TP\n\\fB\\-k\\fR, \\fB\\-\\-kind\\fR \\fITEXT\\fR\n"));
  EXPECT_THAT(page, HasSubstr("[default: loose]"));
  EXPECT_THAT(page, HasSubstr(".SH SEE ALSO\n\\fBconceptune\\fR(1)\n"));
}

// A line of roff that begins with a dot or a quote is an instruction, and a backslash anywhere.
TEST(CommandPages, ManPageShowsRoffsSignsAsTheyStand) {
  const std::string page = man_page(test::listed_program().commands[1].commands[0], "1.2.3");
  EXPECT_THAT(page, HasSubstr("\n\\&.Name \\en of it\n"));
}

TEST(CommandPages, ProgramsPageListsItsCommands) {
  EXPECT_THAT(man_page(test::listed_program(), "1.2.3"),
              HasSubstr("\\fBconceptune\\-take\\fR(1)\nTakes apart\n"));
}

TEST(CommandPages, MarkdownPageHoldsATableForEachCommand) {
  const std::string page = cli_page(test::listed_program());
  EXPECT_THAT(page, HasSubstr("\n## conceptune take half\nTakes a half.\n"));
  EXPECT_THAT(page, HasSubstr("| `-k, --kind TEXT` | How 'close' they are (one of loose, tight; or none) "
                              "[default: loose] |\n"));
  EXPECT_THAT(page, HasSubstr("| `--quiet` | Say nothing \\| or \\*little\\* |\n"));
  EXPECT_THAT(page, HasSubstr("| `files` | Files to join [required; may be several] |\n"));
}

}  // namespace
}  // namespace conceptune::cli
