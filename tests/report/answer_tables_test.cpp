#include "conceptune/report/answer_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/report/sample_results.h"

namespace conceptune::report {
namespace {

using testing::HasSubstr;

TEST(AnswerTables, JudgeTheAnswersOfAllModelsTogether) {
  auto results = sample_results();
  results.evaluations[0].results.answers = {sample_answer(0.05, 0.02)};
  EXPECT_EQ(judged_answers(results)[0].judgement.verdict, evaluation::Verdict::higher);
  results.evaluations.push_back(results.evaluations[0]);
  results.evaluations[1].model = "another";
  results.evaluations[1].results.answers = {sample_answer(0.01, 0.6), sample_answer(-0.05, 0.02)};
  const auto judged = judged_answers(results);
  ASSERT_EQ(judged.size(), 3U);
  EXPECT_EQ(judged[1].model, "another");
  EXPECT_EQ(judged[0].judgement.verdict, evaluation::Verdict::undecided);
  EXPECT_DOUBLE_EQ(*judged[0].judgement.p_holm, 0.06);
}

TEST(AnswerTables, ShowDifferenceVerdictAndWhereItComesFrom) {
  auto results = sample_results();
  results.evaluations[0].results.answers = {sample_answer(0.05, 0.001)};
  const auto judged = judged_answers(results);
  const Table table = answer_table(judged);
  ASSERT_EQ(table.rows.size(), 1U);
  ASSERT_EQ(table.rows[0].size(), table.columns.size());
  EXPECT_EQ(table.rows[0][1].text, "simlex999 Spearman ↑ (in-text)");
  EXPECT_EQ(table.rows[0][2].text, "concepts, λ 0.5 minus content-only, λ 0.5");
  EXPECT_EQ(table.rows[0][3].text, "+0.0500");
  EXPECT_EQ(table.rows[0][3].tone, Tone::better);
  EXPECT_EQ(table.rows[0][4].text, "higher");
  EXPECT_EQ(table.rows[0][7].text, "40 %");
  EXPECT_EQ(table.rows[0][7].detail, "[20 %, 60 %]");
  EXPECT_EQ(table.rows[0][8].text, "2 seeds, 999 pairs");
  EXPECT_THAT(table.rows[0][8].detail, HasSubstr("two seeds"));
  EXPECT_EQ(verdict_text(judged[0]), "higher");
  EXPECT_EQ(sides_and_seeds(judged[0]), "concepts, λ 0.5 minus content-only, λ 0.5; 2 seeds");
  EXPECT_EQ(difference_text(judged[0]), "simlex999 Spearman ↑ (in-text) +0.0500 [0.0400, 0.0600], 999 pairs");
}

TEST(AnswerTables, NumbersHaveColumnsOfTheirOwn) {
  auto results = sample_results();
  results.evaluations[0].results.answers = {sample_answer(0.05, 0.001), evaluation::Answer{}};
  const Table table = answer_numbers(judged_answers(results));
  for (const auto& row : table.rows) {
    ASSERT_EQ(row.size(), table.columns.size());
    for (const auto& cell : row) EXPECT_TRUE(cell.detail.empty());
  }
  EXPECT_EQ(table.rows[0][8].text, "0.05");
  EXPECT_EQ(table.rows[0][9].text, "0.04");
  EXPECT_EQ(table.rows[1][8].text, "");
}

}  // namespace
}  // namespace conceptune::report
