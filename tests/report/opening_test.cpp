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

TEST(Opening, GroupsAnswersByQuestionAndCountsTheUndecided) {
  auto results = sample_results();
  results.evaluations[0].results.answers = {sample_answer(0.05, 0.001), sample_answer(0.02, 0.5)};
  const Opening opening = opening_of(results, judged_answers(results));
  ASSERT_EQ(opening.found.size(), 1U);
  EXPECT_EQ(opening.found[0].question, "What do synonyms add?");
  EXPECT_EQ(opening.found[0].answers.size(), 1U);
  EXPECT_EQ(opening.found[0].undecided, 1U);
  EXPECT_THAT(opening.limits, Contains(HasSubstr("two seeds")));
  EXPECT_THAT(opening.limits, Contains(HasSubstr("1 of 2 answers are undecided")));
}

}  // namespace
}  // namespace conceptune::report
