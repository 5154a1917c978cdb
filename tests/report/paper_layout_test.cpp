#include "conceptune/report/paper_layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/report/paper_like_results.h"

namespace conceptune::report {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<Cell>* row_of(const Table& table, const std::string& method, const std::string& weight) {
  for (const auto& row : table.rows)
    if (row[1].text == method && row[2].text == weight) return &row;
  return nullptr;
}

TEST(PaperLayout, HasATableOfEachKindForEachCorpus) {
  const auto results = paper_like_results({"Llama 3.2 1B", "Llama 3.2 3B"}, 1, "prompt");
  const auto tables = paper_result_tables(Design(results));
  ASSERT_EQ(tables.size(), 4U);
  EXPECT_THAT(tables[0].caption, HasSubstr("Table 3:"));
  EXPECT_THAT(tables[3].caption, HasSubstr("Table 6:"));
  EXPECT_THAT(tables[0].columns,
              ElementsAre("model", "post-training", "λ", "men (paper) ↑", "simlex999 (paper) ↑",
                          "wordsim353 (paper) ↑", "stsb-dev (paper) ↑"));
  EXPECT_EQ(tables[0].rows.size(), 20U);  // as the paper's: base, λ = 0, four of concepts, four of noise
}

TEST(PaperLayout, SetsThePapersNumberOfTheSameRowBelow) {
  const auto results = paper_like_results({"Llama 3.2 1B"}, 2, "prompt");
  const auto tables = paper_result_tables(Design(results));
  const auto* row = row_of(tables[1], "Concepts", "0.5");
  ASSERT_TRUE(row);
  // Table 4: clustering 0.5003, perplexities 34.38 and 32.65; the second seed is larger by 0.2 %.
  EXPECT_EQ((*row)[3].text, "0.5008");
  EXPECT_EQ((*row)[4].further.at(0).text, "paper 34.38");
  EXPECT_EQ((*row)[5].further.at(0).text, "paper 32.65");
  EXPECT_TRUE(row_of(tables[1], "Concepts", "1")->at(3).is_best);
  EXPECT_EQ((*row)[3].detail, "") << "two seeds have no interval";
}

TEST(PaperLayout, AnotherModelStandsBesideAllThree) {
  const auto results = paper_like_results({"SmolLM2"}, 1, "prompt");
  const auto tables = paper_result_tables(Design(results));
  EXPECT_EQ(row_of(tables[0], "Concepts", "1")->at(3).further.at(0).text,
            "paper 1B, 3B, 8B: 0.3875, 0.3936, 0.4362");
}

TEST(PaperLayout, AnotherSourceStandsAlone) {
  const auto results = paper_like_results({"Llama 3.2 1B"}, 1, "wordnet");
  const auto tables = paper_result_tables(Design(results));
  EXPECT_TRUE(row_of(tables[0], "Concepts", "1")->at(3).further.empty());
  EXPECT_EQ(row_of(tables[0], "Next token", "0")->at(3).further.at(0).text, "paper 0.3162") << "without sets";
}

TEST(PaperLayout, IsEmptyForOtherLosses) {
  auto results = paper_like_results({"Llama 3.2 1B"}, 1, "prompt");
  for (auto& arm : results.arms) arm.objective = "content-ntp";
  EXPECT_TRUE(paper_result_tables(Design(results)).empty());
}

}  // namespace
}  // namespace conceptune::report
