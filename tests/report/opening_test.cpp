#include "conceptune/report/opening.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/report/sample_results.h"

namespace conceptune::report {
namespace {

using testing::Contains;
using testing::HasSubstr;

TEST(Opening, SaysWhatWasTrainedOnWhat) {
  auto results = sample_results();
  for (auto& arm : results.arms)
    arm.options = {{"corpus", {{"files", {"/data/c4.jsonl.gz"}}, {"passages", 400}}},
                   {"training", {{"seed", 1}}},
                   {"annotation", {{"source", "wordnet"}}}};
  const Opening opening = opening_of(results, {});
  EXPECT_EQ(opening.done.at(0), "Trained: 3 adapters from SmolLM2, on 400 passages of c4, with one seed.");
  EXPECT_THAT(opening.done.at(1), HasSubstr("paper; concept sets from the source wordnet"));
  EXPECT_THAT(opening.done.at(2), HasSubstr("simlex999 (999)"));
  EXPECT_THAT(opening.limits, Contains(HasSubstr("Nothing was asked")));
}

TEST(Opening, SaysHowManySeedsTheArmsHave) {
  auto results = sample_results();
  auto arm = results.arms.front();
  for (const int seed : {1, 2}) {
    arm.name = "concepts, seed " + std::to_string(seed);
    arm.varied = {{"training.seed", "seed " + std::to_string(seed)}};
    results.arms.push_back(arm);
  }
  EXPECT_THAT(opening_of(results, {}).done.at(0), HasSubstr("with 1 to 2 seeds."));
}

TEST(Opening, GroupsAnswersByQuestionAndVerdict) {
  auto results = sample_results();
  auto other_set = sample_answer(0.06, 0.001);
  other_set.contrast.sets[0].benchmark = "men";
  auto nothing = sample_answer(0.0, 0.9);
  nothing.interval = evaluation::Interval{-0.004, 0.004};
  results.evaluations[0].results.answers = {sample_answer(0.05, 0.001), sample_answer(0.02, 0.5), other_set,
                                            nothing};
  const Opening opening = opening_of(results, judged_answers(results));
  ASSERT_EQ(opening.found.size(), 1U);
  EXPECT_EQ(opening.found[0].question, "What do synonyms add?");
  const auto& groups = opening.found[0].groups;
  ASSERT_EQ(groups.size(), 3U);
  EXPECT_EQ(groups[0].verdict, "higher");
  EXPECT_EQ(groups[0].tone, Tone::better);
  EXPECT_THAT(groups[0].measured, testing::ElementsAre(HasSubstr("simlex999"), HasSubstr("men")));
  EXPECT_TRUE(groups[0].is_decided);
  EXPECT_EQ(groups[1].verdict, "undecided");
  EXPECT_FALSE(groups[1].is_decided);
  EXPECT_EQ(groups[2].verdict, "no difference larger than 0.01");
  EXPECT_EQ(opening.found[0].undecided(), 1U);
  EXPECT_EQ(opening.found[0].answers(), 4U);
  EXPECT_THAT(opening.limits, Contains(HasSubstr("two seeds")));
  EXPECT_THAT(opening.limits, Contains(HasSubstr("1 of 4 answers is undecided")));
}

}  // namespace
}  // namespace conceptune::report
