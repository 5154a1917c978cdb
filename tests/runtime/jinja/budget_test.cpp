#include "conceptune/runtime/jinja/budget.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "conceptune/base/error.h"
#include "conceptune/base/utf8.h"

namespace conceptune::jinja {
namespace {

TEST(Budget, CountsWhatIsHeldNotWhatWasHeld) {
  Budget budget;
  for (int i = 0; i < 5; ++i) EXPECT_NO_THROW(std::pmr::string(kMaxBytes / 2, 'a', &budget));
  const std::pmr::string half(kMaxBytes / 2, 'a', &budget);
  EXPECT_THROW(std::pmr::string(kMaxBytes / 2, 'a', &budget), InputError);
}

TEST(Budget, CountsMakingAndReadingAsSteps) {
  Budget budget;
  budget.step(kMaxSteps - 2);
  budget.read(2 * kBytesPerStep);
  EXPECT_THROW(budget.step(), InputError);
  Budget other;
  other.step(kMaxSteps);
  EXPECT_THROW(std::pmr::string(kBytesPerStep, 'a', &other), InputError);
}

TEST(Budget, AsksForProductsThatMightOverflow) {
  const Budget budget;
  EXPECT_NO_THROW(budget.require(kMaxBytes, 1));
  EXPECT_NO_THROW(budget.require(SIZE_MAX, 0));
  EXPECT_THROW(budget.require(kMaxBytes / 2 + 1, 2), InputError);
  EXPECT_THROW(budget.require(SIZE_MAX, SIZE_MAX), InputError);
}

TEST(Budget, CountsLevelsWhileTheyLast) {
  Budget budget;
  for (int i = 0; i < 2 * kMaxLevels; ++i) EXPECT_NO_THROW(Level{budget});
  std::vector<std::unique_ptr<Level>> levels;
  for (int i = 0; i < kMaxLevels; ++i) levels.push_back(std::make_unique<Level>(budget));
  EXPECT_THROW(Level{budget}, InputError);
}

TEST(Budget, NamesTheLine) {
  Budget budget;
  budget.line = 12;
  try {
    budget.refuse("filter 'x'");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), "rendering chat template: line 12: filter 'x' is not supported");
  }
}

TEST(Budget, KeepsMessagesShort) {
  EXPECT_EQ(excerpt("a\nb"), "a b");
  std::string text = "x";
  while (text.size() < 1000) text += "é";
  EXPECT_LT(excerpt(text).size(), 310U);
  EXPECT_EQ(first_invalid_utf8(excerpt(text)), std::nullopt);
}

}  // namespace
}  // namespace conceptune::jinja
