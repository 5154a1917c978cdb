#include "conceptune/results/answer.h"

#include <gtest/gtest.h>

namespace conceptune::evaluation {
namespace {

TEST(Answer, SurvivesJson) {
  Answer answer;
  answer.contrast = {.question = "q",
                     .plus = "a",
                     .minus = "b",
                     .reference = {},
                     .concept_weight = std::nullopt,
                     .metric = "global_nll",
                     .sets = {{"c4", ""}, {"owt", ""}},
                     .seeds = {{"a 1", "b 1", ""}, {"a 2", "b 2", ""}},
                     .margin = 0.01};
  answer.items = {200, 100};
  answer.resampled = "passages";
  answer.difference = Statistic::of(-0.25);
  answer.by_seed = {-0.2, -0.3};
  answer.interval = Interval{-0.5, 0};
  const Answer read = answer_from_json(to_json(answer));
  EXPECT_EQ(read.contrast, answer.contrast);
  EXPECT_EQ(to_json(read), to_json(answer));
  answer.difference = Statistic::undefined("not measured");
  EXPECT_EQ(answer_from_json(to_json(answer)).difference.undefined_because, "not measured");
  EXPECT_THROW(answer_from_json(Json{{"question", "q"}}), Json::exception);
}

}  // namespace
}  // namespace conceptune::evaluation
