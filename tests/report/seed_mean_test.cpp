#include "conceptune/report/seed_mean.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/report/sample_results.h"

namespace conceptune::report {
namespace {

TEST(SeedMean, HasTheIntervalThatItsSeedsAllow) {
  auto one = sample_measurement("a", "men", "spearman", 0.3);
  compare_with_base(one, 0.1);
  const auto two = sample_measurement("b", "men", "spearman", 0.4);
  const auto three = sample_measurement("c", "men", "spearman", 0.35);
  EXPECT_DOUBLE_EQ(mean_over_seeds({&one}).interval->low, 0.28);
  EXPECT_DOUBLE_EQ(mean_beside_base({&one}).interval->low, 0.29);  // a base of 0.2, and at least 0.09
  EXPECT_DOUBLE_EQ(mean_over_seeds({&one, &two}).value, 0.35);
  EXPECT_FALSE(mean_over_seeds({&one, &two}).interval) << "two seeds tell little";
  const SeedMean mean = mean_over_seeds({&one, &two, &three});
  EXPECT_EQ(mean.seeds, 3U);
  EXPECT_NEAR(mean.interval->high - mean.value, 4.302652729696 * 0.05 / std::sqrt(3), 1e-9);
}

}  // namespace
}  // namespace conceptune::report
