#include "conceptune/report/plot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "conceptune/base/file.h"
#include "conceptune/base/messages.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::report {
namespace {

using testing::HasSubstr;
using testing::Not;

Plot sample_plot() {
  return {"p", "it's <λ>", "x", "y", {{"a 'b'\nplot 1", {{0, 1, 0.5, 1.5}, {1, 2, {}, {}}}}}, {{"base", 1.2}},
          true};
}

TEST(GnuplotScript, KeepsLabelsInTheirQuotes) {
  const std::string script = gnuplot_script(sample_plot());
  EXPECT_THAT(script, HasSubstr("set title 'it''s <λ>'"));
  EXPECT_THAT(script, HasSubstr("title 'a ''b''plot 1'"));
  EXPECT_THAT(script, HasSubstr("0 1 0.5 1.5\n1 2 2 2\n"));
}

TEST(GnuplotScript, GrowsWithTheRowsOfItsLegend) {
  Plot plot = sample_plot();
  EXPECT_THAT(gnuplot_script(plot), HasSubstr("size 420,320"));
  for (int i = 0; i < 7; ++i) plot.curves.push_back({"an arm with a long name that fills the line", {}});
  const std::string script = gnuplot_script(plot);  // nine entries, one in a row
  EXPECT_THAT(script, HasSubstr("size 420,464"));
  EXPECT_THAT(script, HasSubstr("maxrows 9"));
}

TEST(GnuplotScript, TellsCurvesOfOneColourApart) {
  Plot plot = sample_plot();
  for (int i = 0; i < 6; ++i) plot.curves.push_back({"c", {}});
  const std::string script = gnuplot_script(plot);
  EXPECT_THAT(script, HasSubstr("$curve0 using 1:2 with linespoints lw 2 dt 1 pt 4 ps 0.6 lc rgb '#0072B2'"));
  EXPECT_THAT(script,
              HasSubstr("$curve6 using 1:2 with linespoints lw 2 dt 2 pt 10 ps 0.6 lc rgb '#0072B2'"));
}

TEST(DrawPlot, MakesAnSvg) {
  if (std::system("command -v gnuplot >/dev/null") != 0) GTEST_SKIP() << "needs gnuplot";
  const test::TemporaryFolder folder;
  ASSERT_EQ(draw_plot(sample_plot(), folder.path()), DrawOutcome::drawn);
  const std::string svg =
      inline_svg(read_file(folder.path() / "p.svg", "reading"), "one-", sample_plot().title);
  EXPECT_THAT(svg, testing::StartsWith(
                       "<svg viewBox=\"0 0 420 320\" role=\"img\" aria-label=\"it&#39;s &lt;λ&gt;\""));
  EXPECT_THAT(svg, HasSubstr("id=\"one-gnuplot_plot_1\""));
  EXPECT_THAT(svg, Not(HasSubstr("href='#gp")));
  EXPECT_THAT(svg, Not(HasSubstr("\"black\"")));
  EXPECT_THAT(svg, HasSubstr("stroke='var(--series-1)'"));
  EXPECT_THAT(svg, Not(HasSubstr("rgb(")));
}

TEST(DrawPlot, WarnsWithoutGnuplot) {
  const test::TemporaryFolder folder;
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", folder.path().c_str(), 1);
  std::string warning;
  set_message_sink([&](Severity, std::string_view message) { warning = message; });
  EXPECT_EQ(draw_plot(sample_plot(), folder.path()), DrawOutcome::no_gnuplot);
  set_message_sink(nullptr);
  ::setenv("PATH", path.c_str(), 1);
  EXPECT_THAT(warning, HasSubstr("install gnuplot-nox"));
}

TEST(InlineSvg, IsEmptyWhenThereIsNone) { EXPECT_EQ(inline_svg("nothing", "p-", "t"), ""); }

}  // namespace
}  // namespace conceptune::report
