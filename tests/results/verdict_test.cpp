#include "conceptune/results/verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conceptune::evaluation {
namespace {

Answer answer_of(double difference, Interval interval, double p, double margin) {
  Answer answer;
  answer.contrast.margin = margin;
  answer.contrast.seeds.resize(5);
  answer.difference = Statistic::of(difference);
  answer.interval = interval;
  answer.p = p;
  answer.items = {200};
  answer.resampled = "passages";
  return answer;
}

TEST(Verdict, IsOneOfFour) {
  const std::vector<Answer> answers = {
      answer_of(0.05, {0.03, 0.07}, 0.001, 0.01), answer_of(-0.05, {-0.07, -0.03}, 0.001, 0.01),
      answer_of(0.002, {-0.004, 0.008}, 0.4, 0.01), answer_of(0.02, {-0.01, 0.05}, 0.2, 0.01)};
  const auto judgements = judge(answers, 0.95);
  EXPECT_EQ(judgements[0].verdict, Verdict::higher);
  EXPECT_EQ(judgements[1].verdict, Verdict::lower);
  EXPECT_EQ(judgements[2].verdict, Verdict::no_difference);
  EXPECT_EQ(judgements[3].verdict, Verdict::undecided);
  EXPECT_DOUBLE_EQ(*judgements[0].p_holm, 0.004);
  EXPECT_DOUBLE_EQ(*judgements[3].p_holm, 0.4);
}

TEST(Verdict, HoldsTheAnswersThatWereAskedForToOneAnother) {
  const std::vector<Answer> alone = {answer_of(0.05, {0.003, 0.07}, 0.03, 0)};
  EXPECT_EQ(judge(alone, 0.95)[0].verdict, Verdict::higher);
  const std::vector<Answer> two = {alone[0], answer_of(0.01, {-0.02, 0.04}, 0.5, 0)};
  EXPECT_EQ(judge(two, 0.95)[0].verdict, Verdict::undecided);
}

TEST(Verdict, ADifferenceThatIsSureButWithinTheMarginDoesNotMatter) {
  EXPECT_EQ(judge(std::vector{answer_of(0.005, {0.004, 0.006}, 0.0001, 0.01)}, 0.95)[0].verdict,
            Verdict::no_difference);
}

TEST(Verdict, WithoutAnIntervalNothingIsDecidedAndNothingIsTested) {
  std::vector<Answer> answers = {answer_of(0.05, {0.03, 0.07}, 0.03, 0), Answer{}};
  answers[1].difference = Statistic::undefined("not measured");
  const auto judgements = judge(answers, 0.95);
  EXPECT_EQ(judgements[0].verdict, Verdict::higher);
  EXPECT_EQ(judgements[1].verdict, Verdict::undecided);
  EXPECT_FALSE(judgements[1].p_holm);
}

TEST(Verdict, FewSeedsAndItemsAreSaid) {
  Answer answer = answer_of(0, {0, 0}, 1, 0);
  EXPECT_TRUE(cautions(answer).empty());
  answer.contrast.seeds.resize(1);
  answer.items = {353, 24};
  EXPECT_THAT(cautions(answer), testing::ElementsAre(testing::HasSubstr("one seed"),
                                                     testing::HasSubstr("24 passages are few")));
  answer.contrast.seeds.resize(2);
  answer.items = {8};
  EXPECT_THAT(cautions(answer),
              testing::ElementsAre(testing::HasSubstr("two seeds"), testing::HasSubstr("too few")));
}

}  // namespace
}  // namespace conceptune::evaluation
