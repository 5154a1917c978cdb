#include "conceptune/results/seeds.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace conceptune::evaluation {
namespace {

TEST(JoinSeeds, LeavesOneSeedAsItIs) {
  const SeedDifferences one{{0.5}, {{0.4, 0.5, 0.7}}};
  EXPECT_EQ(join_seeds(one, 1), one.replicates_KR[0]);
  EXPECT_FALSE(t_interval(one.points_K, 0.95));
}

TEST(JoinSeeds, SeedsThatAgreeAddNothingToTheItems) {
  const std::vector<double> replicates = {0.4, 0.5, 0.7};
  const auto joined = join_seeds({{0.5, 0.5}, {replicates, replicates}}, 1);
  for (std::size_t r = 0; r < joined.size(); ++r) EXPECT_NEAR(joined[r], replicates[r], 1e-12);
}

// Where items make no difference, the percentiles of the replicates are Student's interval.
TEST(JoinSeeds, SeedsAloneGiveStudentsInterval) {
  const std::vector<double> points = {0.1, 0.3, 0.2, 0.35};
  SeedDifferences differences{points, {}};
  for (const double point : points) differences.replicates_KR.emplace_back(40'000, point);
  const auto drawn = percentile_interval(join_seeds(differences, 3), 0.95);
  const auto student = t_interval(points, 0.95);
  ASSERT_TRUE(drawn && student);
  EXPECT_NEAR(student->low, 0.2375 - 3.182446305284263 * 0.11086778 / 2, 1e-6);
  EXPECT_NEAR(drawn->low, student->low, 0.01);
  EXPECT_NEAR(drawn->high, student->high, 0.01);
}

// What seeds do not share is in their own spread already: it must not count twice.
TEST(JoinSeeds, TakesTheItemsOfEachSeedAloneOutOfTheItemsPart) {
  std::vector<double> fast, slow;
  for (int r = 0; r < 1000; ++r) {
    fast.push_back(r % 2 ? 1 : -1);
    slow.push_back(r % 4 < 2 ? 1 : -1);
  }
  const auto joined = join_seeds({{0, 0}, {fast, slow}}, 1);
  for (const double value : joined) EXPECT_NEAR(value, 0, 1e-9);
}

TEST(JoinSeeds, KeepsUndefinedReplicatesAndMovesDifferencesOfTheSameSeedsTogether) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const SeedDifferences differences{{0, 1}, {{nan, 0, 0}, {1, 1, 1}}};
  const auto joined = join_seeds(differences, 9);
  EXPECT_TRUE(std::isnan(joined[0]));
  EXPECT_FALSE(std::isnan(joined[1]));
  SeedDifferences twice{{0, 2}, {{0, 0, 0}, {2, 2, 2}}};
  const auto moved = join_seeds(twice, 9);
  EXPECT_NEAR(moved[1] - 1, 2 * (joined[1] - 0.5), 1e-12);
}

}  // namespace
}  // namespace conceptune::evaluation
