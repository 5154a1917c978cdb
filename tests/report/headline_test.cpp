#include "conceptune/report/headline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "conceptune/results/seeds.h"
#include "tests/report/paper_like_results.h"

namespace conceptune::report {
namespace {

using testing::ElementsAre;

const std::vector<Cell>& row_of(const Table& table, const std::string& arm) {
  for (const auto& row : table.rows)
    if (row[0].text == arm) return row;
  throw std::out_of_range("no arm " + arm);
}

TEST(Headline, HasATableOfEachKindOfSet) {
  const auto tables = headline_tables(sample_results());
  ASSERT_EQ(tables.size(), 2U);
  EXPECT_EQ(tables[0].name, "summary");
  EXPECT_EQ(tables[1].name, "summary-2");
  EXPECT_EQ(tables[0].caption, "SmolLM2: similarity as people see it");
  EXPECT_THAT(tables[0].columns, ElementsAre("arm", "simlex999 Spearman ↑", "constant Spearman ↑"));
  EXPECT_EQ(tables[1].caption, "SmolLM2: passages of held-out");
}

TEST(Headline, ShowsDifferencesToBothBaselines) {
  const auto tables = headline_tables(sample_results());
  ASSERT_EQ(tables[0].rows.size(), 4U);
  EXPECT_EQ(tables[0].rows[0][1].detail, "[0.1800, 0.2200]");
  const Cell& trained = tables[0].rows[3][1];
  EXPECT_EQ(trained.text, "0.2900");
  EXPECT_EQ(trained.detail, "base +0.0700 [0.0600, 0.0800]");
  EXPECT_EQ(trained.tone, Tone::better);
  EXPECT_EQ(trained.further.at(0).text, "λ 0 +0.0600") << "nobody asked";
  EXPECT_TRUE(tables[0].rows[1][1].further.empty()) << "is next-token training";
  EXPECT_EQ(tables[0].rows[3][2].text, "undefined");
  EXPECT_EQ(tables[0].rows[3][2].detail, "all scores are equal");
}

TEST(Headline, TakesAnswersWhereTheQuestionWasAsked) {
  auto results = sample_results();
  auto answer = sample_answer(0.05, 0.01);
  answer.contrast.plus = "concept_weight 1.0";
  answer.contrast.minus = "concept_weight 0.0";
  answer.contrast.sets = {{"simlex999", ""}};
  results.evaluations[0].results.answers = {answer};
  const Cell cell = headline_tables(results)[0].rows[3][1];
  EXPECT_EQ(cell.further.at(0).text, "λ 0 +0.0500 [0.0400, 0.0600]");
  EXPECT_EQ(cell.further.at(0).tone, Tone::better);
}

TEST(Headline, JoinsSeedsAndComparesPerplexitiesByPercent) {
  const auto results = paper_like_results({"Llama 3.2 1B"}, 3, "prompt");
  const auto tables = headline_tables(results);
  ASSERT_EQ(tables.size(), 3U);
  const auto& row = row_of(tables[1], "concepts, C4, λ 1");
  EXPECT_EQ(row[0].detail, "3 seeds");
  EXPECT_EQ(row[1].text, "33.18");  // 33.11 in the mean of 1, 1.002 and 1.004
  const double base = std::log(40.61), seeds[] = {33.11, 33.11 * 1.002, 33.11 * 1.004};
  const std::vector<double> by_seed = {std::log(seeds[0]) - base, std::log(seeds[1]) - base,
                                       std::log(seeds[2]) - base};
  const auto interval = evaluation::t_interval(by_seed, 0.95);
  EXPECT_EQ(row[1].detail, fmt::format("base −18.3 % [−{:.1f} %, −{:.1f} %]",
                                       -100 * std::expm1(interval->low), -100 * std::expm1(interval->high)));
  EXPECT_EQ(row[1].tone, Tone::better);
  EXPECT_EQ(row_of(tables[1], "noise, C4, λ 1")[1].further.at(0).tone, Tone::worse);
}

TEST(Headline, ComparesWithNextTokenTrainingOnTheSameCorpus) {
  const auto results = paper_like_results({"Llama 3.2 1B"}, 1, "prompt");
  const auto table = headline_tables(results)[0];
  // Table 5, trained on OpenWebText: MEN 0.3823 at λ = 1 and 0.3182 at λ = 0.
  EXPECT_EQ(row_of(table, "concepts, OpenWebText, λ 1")[1].further.at(0).text, "λ 0 +0.0641");
}

TEST(Headline, IsShortOnATerminal) {
  const Cell cell = short_headline_tables(sample_results())[0].rows[3][1];
  EXPECT_EQ(cell.detail, "+0.0700*");
  EXPECT_EQ(cell.further.at(0).text, "+0.0600 ");
}

}  // namespace
}  // namespace conceptune::report
