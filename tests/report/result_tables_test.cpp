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
