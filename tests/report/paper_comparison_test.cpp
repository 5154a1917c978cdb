#include "conceptune/report/paper_comparison.h"

#include <gtest/gtest.h>

#include "tests/report/sample_results.h"

namespace conceptune::report {
namespace {

std::vector<std::string> texts(const std::vector<Cell>& row) {
  std::vector<std::string> texts;
  for (const auto& cell : row) texts.push_back(cell.text);
  return texts;
}

/// The sample with what the paper has: prompted sets on C4, similarity in its convention.
experiment::Results results_like_the_papers() {
  auto results = sample_results();
  for (auto& arm : results.arms)
    arm.options = {{"corpus", {{"files", {"/data/c4.jsonl.gz"}}}}, {"annotation", {{"source", "prompt"}}}};
  for (auto& m : results.evaluations[0].results.measurements)
    if (m.metric == "spearman") m.convention = "paper";
  return results;
}

TEST(PaperComparison, SetsChangesBesideThePapers) {
  const Table table = paper_comparison(results_like_the_papers());
  ASSERT_EQ(table.rows.size(), 6u);  // SimLex and content-word perplexity at three weights
  // Table 3: SimLex of Llama 3.2 1B 0.1534 → 0.1623, 3B 0.1672 → 0.1844, 8B 0.1547 → 0.1623 at λ = 1.
  EXPECT_EQ(texts(table.rows[4]),
            (std::vector<std::string>{"simlex999 Spearman ↑ (paper)", "concept_weight 1.0", "+0.0900",
                                      "+0.0089", "+0.0172", "+0.0076"}));
  // Table 4: content-word perplexity of Llama 3.2 1B 40.61 → 33.11.
  EXPECT_EQ(table.rows[5][3].text, "−18.5 %");
}

TEST(PaperComparison, TellsTheDomainTrainedOnFromOthers) {
  auto results = results_like_the_papers();
  EXPECT_EQ(paper_comparison(results).rows[5][3].text, "−18.5 %");
  auto& passages = results.evaluations.front().results.data.back();
  passages.in_domain->clear();
  // Table 4, out of domain: 38.56 → 30.47.
  EXPECT_EQ(paper_comparison(results).rows[5][3].text, "−21.0 %");
  passages.in_domain.reset();
  EXPECT_EQ(paper_comparison(results).rows.size(), 3u);  // SimLex alone: the domain is not known
}

TEST(PaperComparison, LeavesOutControlsAndWeightsThePaperLacks) {
  auto results = results_like_the_papers();
  results.arms[0].objective = "content-ntp";
  results.arms[1].concept_weight = 0.4;
  EXPECT_EQ(paper_comparison(results).rows.size(), 2u);
}

TEST(PaperComparison, StandsBesideRowsOfTheSameCorpusSetsAndConventionAlone) {
  auto results = results_like_the_papers();
  auto& options = results.arms[2].options;
  // Table 3, noise at λ = 1: SimLex of Llama 3.2 1B 0.1534 → −0.0065.
  options["variant"] = {{"noise", "paper"}};
  EXPECT_EQ(paper_comparison(results).rows[4][3].text, "−0.1599");
  options["variant"] = {{"noise", "keep-word"}};
  EXPECT_EQ(paper_comparison(results).rows.size(), 4u);
  options["variant"] = {{"words", 0.5}};
  EXPECT_EQ(paper_comparison(results).rows.size(), 4u);
  options["variant"] = {{"words", 1.0}};
  options["annotation"]["source"] = "wordnet";
  EXPECT_EQ(paper_comparison(results).rows.size(), 4u) << "next-token training has no sets";
  for (auto& arm : results.arms) arm.options["corpus"]["files"] = {"/data/news.txt"};
  EXPECT_TRUE(paper_comparison(results).rows.empty());
  for (auto& m : results.evaluations[0].results.measurements) m.convention = "in-text";
  for (auto& arm : results.arms) arm.options["corpus"]["files"] = {"/data/c4.jsonl"};
  EXPECT_EQ(paper_comparison(results).rows.size(), 2u) << "perplexities of two arms";
}

}  // namespace
}  // namespace conceptune::report
