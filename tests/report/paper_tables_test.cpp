#include "conceptune/report/paper_tables.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace conceptune::report {
namespace {

constexpr double kSumTolerance = 1e-9;

TEST(PaperTables, HaveEveryRow) {
  EXPECT_EQ(paper_intervals().size(), 60U);  // 3 models x 4 directions x 5 weights
  EXPECT_EQ(paper_similarities().size(),
            60U);  // 3 models x 2 corpora x (base, weight 0, 4 concepts, 4 noise)
  EXPECT_EQ(paper_next_tokens().size(), 60U);
}

// Sums of the columns as they stand in the paper's text.
TEST(PaperTables, KeepTheirSums) {
  double accuracy = 0;
  double nll = 0;
  for (const auto& row : paper_intervals()) {
    accuracy += row.accuracy.low + row.accuracy.high;
    nll += row.nll.low + row.nll.high;
  }
  EXPECT_NEAR(accuracy, 2.7521, kSumTolerance);
  EXPECT_NEAR(nll, -15.8142, kSumTolerance);
  double men = 0, simlex = 0, wordsim = 0, stsb = 0;
  for (const auto& row : paper_similarities()) {
    men += row.men;
    simlex += row.simlex;
    wordsim += row.wordsim;
    stsb += row.stsb;
  }
  EXPECT_NEAR(men, 18.6904, kSumTolerance);
  EXPECT_NEAR(simlex, 8.2545, kSumTolerance);
  EXPECT_NEAR(wordsim, 12.4151, kSumTolerance);
  EXPECT_NEAR(stsb, 33.1263, kSumTolerance);
  double clustering = 0, perplexity = 0, hits = 0;
  for (const auto& row : paper_next_tokens()) {
    clustering += row.clustering_score;
    perplexity += row.in_domain_perplexity + row.out_of_domain_perplexity;
    hits += row.in_domain_accuracy + row.out_of_domain_accuracy;
  }
  EXPECT_NEAR(clustering, 24.7364, kSumTolerance);
  EXPECT_NEAR(perplexity, 298276.27, 1e-6);
  EXPECT_NEAR(hits, 34.4615, kSumTolerance);
}

TEST(PaperTables, StarTheIntervalsThatContainZero) {
  const auto contains_zero = [](const PaperBounds& b) { return b.low <= 0 && b.high >= 0; };
  for (const auto& row : paper_intervals()) {
    EXPECT_LT(row.accuracy.low, row.accuracy.high);
    EXPECT_LT(row.nll.low, row.nll.high);
    EXPECT_EQ(contains_zero(row.accuracy), row.accuracy_starred) << row.model << row.concept_weight;
    EXPECT_EQ(contains_zero(row.nll), row.nll_starred) << row.model << row.concept_weight;
    // "Models trained with concept supervision have notable improvements in both."
    if (row.concept_weight > 0) {
      EXPECT_GT(row.accuracy.low, 0);
      EXPECT_LT(row.nll.high, 0);
    }
  }
}

/// The row with this method and weight among those of `row`'s model and corpus.
template <class Row>
const Row& sibling(std::span<const Row> rows, const Row& row, PaperMethod method, double weight) {
  return *std::find_if(rows.begin(), rows.end(), [&](const Row& r) {
    return r.model == row.model && r.trained_on == row.trained_on && r.method == method &&
           r.concept_weight == weight;
  });
}

TEST(PaperTables, NoiseHarmsAndConceptsHelpSimilarity) {
  for (const auto& row : paper_similarities()) {
    const auto& base = sibling(paper_similarities(), row, PaperMethod::base, 0);
    if (row.method == PaperMethod::noise) {
      EXPECT_LT(row.men, base.men);
      EXPECT_LT(row.simlex, base.simlex);
      EXPECT_LT(row.wordsim, base.wordsim);
    }
    if (row.method == PaperMethod::concepts) {
      EXPECT_GT(row.men, base.men);
      EXPECT_GT(row.wordsim, base.wordsim);
      EXPECT_GT(row.stsb, base.stsb);
    }
  }
}

// Section 4.2: "increasing concept weight from 0 to 0.75 yields monotonic improvements".
TEST(PaperTables, ContentPerplexityFallsUpToThreeQuarters) {
  for (const auto& row : paper_next_tokens()) {
    if (row.method != PaperMethod::concepts || row.concept_weight > 0.75) continue;
    const bool first = row.concept_weight == 0.25;
    const auto& before =
        sibling(paper_next_tokens(), row, first ? PaperMethod::next_token : PaperMethod::concepts,
                row.concept_weight - 0.25);
    EXPECT_LT(row.in_domain_perplexity, before.in_domain_perplexity);
    EXPECT_LT(row.out_of_domain_perplexity, before.out_of_domain_perplexity);
    EXPECT_GT(row.in_domain_accuracy, before.in_domain_accuracy);
    EXPECT_GT(row.out_of_domain_accuracy, before.out_of_domain_accuracy);
  }
}

/// Whether the differences that Tables 4 and 6 imply lie in the intervals of Tables 1 and 2, to rounding.
bool agrees_with_perplexities(const PaperInterval& interval) {
  const bool in_domain = interval.trained_on == interval.evaluated_on;
  PaperNextToken like{};
  like.model = interval.model;
  like.trained_on = interval.trained_on;
  const auto& adapted =
      sibling(paper_next_tokens(), like,
              interval.concept_weight == 0 ? PaperMethod::next_token : PaperMethod::concepts,
              interval.concept_weight);
  const auto& base = sibling(paper_next_tokens(), like, PaperMethod::base, 0.0);
  const double ratio = in_domain ? adapted.in_domain_perplexity / base.in_domain_perplexity
                                 : adapted.out_of_domain_perplexity / base.out_of_domain_perplexity;
  return std::log(ratio) >= interval.nll.low - 1e-3 && std::log(ratio) <= interval.nll.high + 1e-3;
}

// The paper's tables contradict each other in one place: in-domain C4 of the 3B and the 8B model.
TEST(PaperTables, IntervalsAgreeWithPerplexitiesButForTwoModels) {
  for (const auto& row : paper_intervals()) {
    const bool contradicted = row.trained_on == "C4" && row.evaluated_on == "C4" &&
                              row.model != "Llama 3.2 1B" &&
                              !(row.model == "Llama 3.1 8B" && row.concept_weight == 0);
    EXPECT_EQ(agrees_with_perplexities(row), !contradicted) << row.model << " " << row.concept_weight;
  }
}

}  // namespace
}  // namespace conceptune::report
