#include "conceptune/base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace conceptune {
namespace {

// First outputs of xoshiro256++ from the state {1, 2, 3, 4}, as its authors' C program prints them.
TEST(Random, AgreesWithTheReference) {
  Random random(0);
  random.restore({1, 2, 3, 4});
  EXPECT_EQ(random.next(), 41943041U);
  EXPECT_EQ(random.next(), 58720359U);
  EXPECT_EQ(random.next(), 3588806011781223U);
}

TEST(Random, ContinuesFromASavedState) {
  Random a(7);
  for (int i = 0; i < 10; ++i) a.next();
  Random b(99);
  b.restore(a.state());
  EXPECT_EQ(a.next(), b.next());
}

TEST(Random, GivesEveryPurposeItsOwnStream) {
  EXPECT_NE(Random(1, "order").next(), Random(1, "dropout").next());
}

TEST(Random, StaysBelowTheBoundAndReachesAllValues) {
  Random random(3);
  std::vector<int> counts(7);
  for (int i = 0; i < 7000; ++i) ++counts[random.below(7)];
  for (int count : counts) EXPECT_NEAR(count, 1000, 150);
}

TEST(Random, IsStandardNormal) {
  Random random(5);
  double sum = 0;
  double squares = 0;
  constexpr int kDraws = 20000;
  for (int i = 0; i < kDraws; ++i) {
    const double x = random.normal();
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / kDraws, 0, 0.03);
  EXPECT_NEAR(squares / kDraws, 1, 0.05);
}

TEST(Random, ShufflesAPermutation) {
  std::vector<int> items = {0, 1, 2, 3, 4, 5};
  Random(1).shuffle(items);
  EXPECT_NE(items, (std::vector<int>{0, 1, 2, 3, 4, 5}));
  std::sort(items.begin(), items.end());
  EXPECT_EQ(items, (std::vector<int>{0, 1, 2, 3, 4, 5}));
}

}  // namespace
}  // namespace conceptune
