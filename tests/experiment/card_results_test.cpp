// What the card of an arm says of its evaluation.
#include "conceptune/experiment/card_results.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conceptune::experiment {
namespace {

using evaluation::Interval;
using evaluation::Measurement;
using evaluation::Statistic;
using testing::HasSubstr;
using testing::Not;

Measurement measured(const char* subject, const char* metric, double value) {
  return {subject, "men",   metric,  "", Statistic::of(value), Interval{value - 0.1, value + 0.1},
          50,      "pairs", "pairs", {}};
}

evaluation::Results some_results() {
  evaluation::Results results;
  results.measurements = {measured("base", "spearman", 0.3), measured("λ 0.5", "spearman", 0.35),
                          measured("λ 0.5", "content_nll", 2.5), measured("λ 0.5", "pearson", 0.9),
                          measured("other", "spearman", 0.7)};
  results.measurements[1].convention = results.measurements[0].convention = "paper";
  results.measurements[1].comparisons = {{"other", "pairs", 0.9, std::nullopt, std::nullopt},
                                         {"base", "tokens", 0.05, Interval{0.04, 0.06}, 0.1},
                                         {"base", "pairs", 0.05, Interval{-0.01, 0.11}, 0.1}};
  return results;
}

TEST(CardResults, HoldAnArmAgainstTheBase) {
  const std::string text = describe_results(some_results(), "λ 0.5");
  EXPECT_THAT(text,
              HasSubstr("| men, 50 pairs | Spearman (paper) | 0.350 [0.250, 0.450] | 0.300 [0.200, 0.400] "
                        "| +0.050 [-0.010, 0.110] |\n"));
  EXPECT_THAT(text, HasSubstr("| content-word NLL, lower is better | 2.500 [2.400, 2.600] |  |  |\n"));
  EXPECT_THAT(text, HasSubstr("95 % intervals from 1000 resamples"));
  EXPECT_THAT(text, Not(HasSubstr("0.7")));
  EXPECT_THAT(text, Not(HasSubstr("Pearson")));
}

TEST(CardResults, AreReadByHubs) {
  const Json index = model_index_of(some_results(), "λ 0.5");
  ASSERT_EQ(index.size(), 1u);
  EXPECT_EQ(index[0]["name"], "λ 0.5");
  ASSERT_EQ(index[0]["results"].size(), 2u);
  const Json metric = {{"type", "spearman"}, {"name", "Spearman (paper)"}, {"value", 0.35}};
  EXPECT_EQ(index[0]["results"][0]["task"]["type"], "sentence-similarity");
  EXPECT_EQ(index[0]["results"][0]["dataset"], (Json{{"name", "men"}, {"type", "men"}}));
  EXPECT_EQ(index[0]["results"][0]["metrics"], Json::array({metric}));
  EXPECT_EQ(index[0]["results"][1]["task"]["type"], "text-generation");
}

TEST(CardResults, LeaveOutWhatWasNotMeasured) {
  evaluation::Results results = some_results();
  EXPECT_EQ(describe_results(results, "none"), "");
  EXPECT_TRUE(model_index_of(results, "none").empty());
  results.measurements[1].value = Statistic::undefined("too few pairs");
  EXPECT_THAT(describe_results(results, "λ 0.5"), Not(HasSubstr("Spearman")));
}

}  // namespace
}  // namespace conceptune::experiment
