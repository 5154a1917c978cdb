#include "conceptune/training/models/activation_budget.h"

#include <gtest/gtest.h>

#include <limits>

#include "conceptune/base/memory.h"
#include "tests/runtime/model/random_model.h"

namespace conceptune::training {
namespace {

constexpr std::int64_t kGigabyte = std::int64_t{1} << 30;

TEST(ActivationBudget, IsNothingOrEverythingWhereTheUserDecides) {
  const auto decoder = conceptune::test::small_decoder();
  EXPECT_EQ(activation_budget(decoder, {.bytes = 100 * kGigabyte, .recompute = Recompute::on}), 0);
  EXPECT_EQ(activation_budget(decoder, {.bytes = 1, .recompute = Recompute::off}),
            std::numeric_limits<std::int64_t>::max());
}

TEST(ActivationBudget, IsWhatTheProcessMayStillTake) {
  const auto decoder = conceptune::test::small_decoder();
  const std::int64_t budget = activation_budget(decoder, {.bytes = 100 * kGigabyte});
  EXPECT_LT(budget, 100 * kGigabyte - resident_memory() / 2);
  EXPECT_GT(budget, 90 * kGigabyte);
  EXPECT_EQ(activation_budget(decoder, {.bytes = 1}), 0);
}

TEST(ActivationBudget, ByDefaultLeavesSomeOfWhatIsAvailable) {
  const auto decoder = conceptune::test::small_decoder();
  const std::int64_t budget = activation_budget(decoder, {});
  EXPECT_GT(budget, 0);
  EXPECT_LT(budget, available_memory());
}

}  // namespace
}  // namespace conceptune::training
