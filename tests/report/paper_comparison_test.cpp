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

TEST(PaperComparison, SetsChangesBesideThePapers) {
  const Table table = paper_comparison(sample_results());
  ASSERT_EQ(table.rows.size(), 6u);  // SimLex and content-word perplexity at three weights
  // Table 3: SimLex of Llama 3.2 1B 0.1534 → 0.1623, 3B 0.1672 → 0.1844, 8B 0.1547 → 0.1623 at λ = 1.
  EXPECT_EQ(texts(table.rows[4]), (std::vector<std::string>{"simlex999 Spearman ↑", "1", "+0.0900", "+0.0089",
                                                            "+0.0172", "+0.0076"}));
  // Table 4: content-word perplexity of Llama 3.2 1B 40.61 → 33.11.
  EXPECT_EQ(table.rows[5][3].text, "−18.5 %");
}

TEST(PaperComparison, TellsTheDomainTrainedOnFromOthers) {
  auto results = sample_results();
  EXPECT_EQ(paper_comparison(results).rows[5][3].text, "−18.5 %");
  auto& passages = results.evaluations.front().results.data.back();
  passages.in_domain->clear();
  // Table 4, out of domain: 38.56 → 30.47.
  EXPECT_EQ(paper_comparison(results).rows[5][3].text, "−21.0 %");
  passages.in_domain.reset();
  EXPECT_EQ(paper_comparison(results).rows.size(), 3u);  // SimLex alone: the domain is not known
}

TEST(PaperComparison, LeavesOutControlsAndWeightsThePaperLacks) {
  auto results = sample_results();
  results.arms[0].objective = "content-ntp";
  results.arms[1].concept_weight = 0.4;
  EXPECT_EQ(paper_comparison(results).rows.size(), 2u);
}

}  // namespace
}  // namespace conceptune::report
