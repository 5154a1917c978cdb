#include "cli/plan_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/pace.h"
#include "conceptune/base/utf8.h"

namespace conceptune::cli {
namespace {

using experiment::PlannedStage;
using experiment::StageState;

std::vector<PlannedStage> stages(int arms, int being_made) {
  std::vector<PlannedStage> stages = {{"corpus", "text", "k", StageState::done, 1, {}, {}}};
  for (int arm = 0; arm < arms; ++arm) {
    PlannedStage stage{"train", "λ 0." + std::to_string(arm), "k", StageState::waiting, 1, {}, {}};
    if (arm >= arms - being_made) {
      stage.state = StageState::being_made;
      stage.progress = experiment::StageProgress{.done = 120, .total = 260, .seconds = 40, .unit = "steps"};
    }
    stages.push_back(stage);
  }
  return stages;
}

TEST(PlanView, TellsArmsStagesRateAndTimeLeft) {
  EXPECT_EQ(plan_lines(stages(2, 1), {80, 24}),
            (std::vector<std::string>{"1 of 3 done, 1 being made", "done       corpus     text",
                                      "waiting    train      λ 0.0",
                                      "being made train      λ 0.1   46 % 120/260 steps, 3.0/s, 0:47 left"}));
}

TEST(PlanView, TheSubjectGivesWayToThePace) {
  auto one = stages(1, 1);
  one[1].subject = "concepts, with a long name";
  // All of 69 columns: the subject to its eighth character.
  EXPECT_EQ(plan_lines(one, {70, 5})[2],
            "being made train      concepts   46 % 120/260 steps, 3.0/s, 0:47 left");
}

TEST(PlanView, StaysBelowAnyTerminalsSize) {
  auto wide = stages(30, 3);
  wide[5].subject = std::string(300, 'x');
  wide[6].subject = "語語語語語語語語語語語語語語語語語語語語";
  wide[7].subject = "a\nb\x1b[2J";
  for (std::size_t columns = 1; columns < 130; ++columns)
    for (const std::size_t rows : {1, 2, 3, 5, 24, 100}) {
      const auto lines = plan_lines(wide, {columns, rows});
      EXPECT_LT(lines.size(), rows);
      for (const auto& line : lines) {
        std::size_t width = 0;
        for (const char32_t character : decode_utf8(line)) width += character >= 0x1100 ? 2 : 1;
        EXPECT_LT(width, std::max<std::size_t>(columns, 1)) << line;
        EXPECT_EQ(line.find_first_of("\n\x1b"), line.npos);
      }
    }
}

TEST(PlanView, WhereThereIsLittleRoomWhatIsBeingMadeComesFirst) {
  const auto lines = plan_lines(stages(30, 2), {80, 5});
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[0], "1 of 31 done, 2 being made, 28 not shown");
  EXPECT_THAT(lines[2], testing::StartsWith("being made train      λ 0.28"));
  EXPECT_THAT(lines[3], testing::StartsWith("being made train      λ 0.29"));
}

TEST(Pace, WhatWasSkippedSaysNothingOfIt) {
  const auto going_on =
      pace_text({.done = 120, .skipped = 100, .total = 200, .seconds = 10, .unit = "steps"});
  EXPECT_EQ(going_on.state, "  60 % 120/200 steps");
  EXPECT_EQ(going_on.pace, ", 2.0/s, 0:40 left");
  const auto endless = pace_text({.done = 40, .seconds = 2, .unit = "documents"});
  EXPECT_EQ(endless.state + endless.pace, " 40 documents, 20/s, 0:02");
  const auto slow = pace_text({.done = 3, .skipped = 1, .total = 5, .seconds = 50, .unit = "steps"});
  EXPECT_EQ(slow.pace, ", 0:25 each, 0:50 left");
  const auto at_once =
      pace_text({.done = 300, .skipped = 0, .total = 0, .seconds = 1e-5, .unit = "documents"});
  EXPECT_EQ(at_once.state + at_once.pace, " 300 documents, 0:00");
  EXPECT_EQ(pace_text({.total = 5, .unit = "steps"}).pace, ", 0:00");
}

}  // namespace
}  // namespace conceptune::cli
