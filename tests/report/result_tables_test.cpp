#include "conceptune/report/result_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/report/sample_results.h"

namespace conceptune::report {
namespace {

TEST(NumberText, HasTheDigitsThatItDeserves) {
  EXPECT_EQ(number_text(0.23456), "0.2346");
  EXPECT_EQ(number_text(12.3456), "12.35");
  EXPECT_EQ(number_text(154.25), "154.2");
  EXPECT_EQ(number_text(19670.63), "19671");
  EXPECT_EQ(number_text(std::nullopt), "undefined");
  EXPECT_EQ(signed_text(-0.5), "−0.5000");
  EXPECT_EQ(signed_text(0.5), "+0.5000");
  EXPECT_EQ(percent_text(-18.46), "−18.5 %");
  EXPECT_EQ(percent_text(-0.04), "+0.0 %");
}

TEST(SummaryTable, ShowsIntervalsForTheBaseAndDifferencesForArms) {
  const Table table = summary_table(sample_results().evaluations[0], "summary");
  EXPECT_THAT(table.columns, testing::ElementsAre("metric", "base", "concept_weight 0.0",
                                                  "concept_weight 0.5", "concept_weight 1.0"));
  ASSERT_EQ(table.rows.size(), 3u);
  EXPECT_EQ(table.rows[0][0].text, "simlex999 Spearman ↑");
  EXPECT_EQ(table.rows[0][1].detail, "[0.1800, 0.2200]");
  EXPECT_EQ(table.rows[0][2].detail, "+0.0100 [0.0000, 0.0200]");
  EXPECT_EQ(table.rows[0][4].detail, "+0.0700 [0.0600, 0.0800]");
}

TEST(SummaryTable, MarksWhatIsBetterOrWorseByTheMetricsDirection) {
  const Table table = summary_table(sample_results().evaluations[0], "summary");
  EXPECT_EQ(table.rows[0][1].tone, Tone::neutral);
  EXPECT_EQ(table.rows[0][4].tone, Tone::better);  // a higher correlation
  EXPECT_EQ(table.rows[1][4].tone, Tone::worse);   // a higher perplexity
}

TEST(SummaryTable, SaysWhyAValueIsUndefined) {
  const Table table = summary_table(sample_results().evaluations[0], "summary");
  EXPECT_EQ(table.rows[2][1].text, "undefined");
  EXPECT_EQ(table.rows[2][1].detail, "all scores are equal");
}

TEST(MeasurementTable, HoldsEveryFigure) {
  const Table table = measurement_table(sample_results().evaluations);
  ASSERT_EQ(table.rows.size(), 12u);
  for (const auto& row : table.rows) EXPECT_EQ(row.size(), table.columns.size());
  EXPECT_EQ(table.rows[1][5].text, "154.25");
  EXPECT_EQ(table.rows[2][5].text, "");
}

TEST(ComparisonTable, HoldsEveryDifference) {
  const Table table = comparison_table(sample_results().evaluations, false);
  ASSERT_EQ(table.rows.size(), 6u);
  for (const auto& row : table.rows) EXPECT_EQ(row.size(), table.columns.size());
  EXPECT_EQ(table.rows[0][10].text, "0.01");
}

}  // namespace
}  // namespace conceptune::report
