// Against transformers' schedules (values of tests/reference/optimizer.py).
#include "conceptune/training/optimizer/schedule.h"

#include <gtest/gtest.h>

#include "conceptune/base/json.h"
#include "tests/support/inputs.h"

namespace conceptune::training {
namespace {

class ScheduleOf : public testing::TestWithParam<Schedule> {};

TEST_P(ScheduleOf, EqualsTransformers) {
  const Json reference =
      read_json_file(test::source("tests/reference/optimizer.json"), "reading")["schedules"];
  OptimizerOptions options;
  options.schedule = GetParam();
  options.learning_rate = reference["learning_rate"];
  options.warmup = reference["warmup"];
  const auto rates = reference["rates"][std::string(name_of(GetParam()))].get<std::vector<double>>();
  for (std::size_t step = 0; step < rates.size(); ++step)
    EXPECT_NEAR(learning_rate_at(static_cast<std::int64_t>(step), reference["total_steps"], options),
                rates[step], 1e-18)
        << step;
}

INSTANTIATE_TEST_SUITE_P(All, ScheduleOf,
                         testing::Values(Schedule::constant, Schedule::linear, Schedule::cosine));

TEST(ScheduleEdges, WarmUpOfTheWholeRunAndStepsBeyondItAreDefined) {
  OptimizerOptions options;
  options.learning_rate = 1;
  options.warmup = 1;
  EXPECT_DOUBLE_EQ(learning_rate_at(3, 4, options), 0.75);
  options.warmup = 0;
  EXPECT_DOUBLE_EQ(learning_rate_at(9, 4, options), 0);
}

}  // namespace
}  // namespace conceptune::training
