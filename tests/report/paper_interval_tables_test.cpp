#include "conceptune/report/paper_interval_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/report/paper_like_results.h"

namespace conceptune::report {
namespace {

TEST(PaperIntervalTables, SetTokensAndPassagesBesideThePapers) {
  const auto results = paper_like_results({"Llama 3.2 1B"}, 1, "prompt");
  const auto tables = paper_interval_tables(Design(results));
  ASSERT_EQ(tables.size(), 2U);
  ASSERT_EQ(tables[0].rows.size(), 10U);   // five weights on two corpora
  const Cell& nll = tables[0].rows[4][5];  // C4, λ = 1
  EXPECT_EQ(nll.further.at(0).text, "paper [−0.2065, −0.1909]");
  // ln 33.11 − ln 40.61, give and take 1 % of ln 33.11
  EXPECT_EQ(nll.text, "[−0.2392, −0.1692]");
  EXPECT_EQ(nll.detail, "passages [−0.2392, −0.1692]");
  EXPECT_EQ(nll.numbers.size(), 6U);
  EXPECT_THAT(tables[0].rows[0][4].text, testing::EndsWith("*"));
  EXPECT_THAT(tables[1].rows[4][5].further.at(0).text, "paper [−0.2415, −0.2294]");
}

}  // namespace
}  // namespace conceptune::report
