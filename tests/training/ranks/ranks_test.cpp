#include "conceptune/training/ranks/ranks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "conceptune/base/random.h"
#include "tests/support/matrices.h"
#include "tests/training/local_ranks.h"

namespace conceptune::training {
namespace {

using conceptune::test::equal;
using conceptune::test::filled;
using conceptune::test::random_matrix;
using test::with_ranks;

TEST(SingleRank, LeavesEverythingAsItIs) {
  SingleRank ranks;
  EXPECT_TRUE(ranks.is_first());
  EXPECT_EQ(any(ranks, {true, false}), (std::vector<bool>{true, false}));
  EXPECT_EQ(text_of_first(ranks, "text"), "text");
  std::vector<float> numbers = {1, 2};
  ranks.sum(numbers);
  ranks.sum_rounded(numbers);
  EXPECT_EQ(numbers, (std::vector<float>{1, 2}));
  const model::Matrix matrix = filled(2, 3, 1);
  copy_from_first(ranks, {matrix});
  EXPECT_TRUE(equal(matrix, filled(2, 3, 1)));
  check_equal_bits(ranks, {matrix});
}

TEST(Ranks, AgreeOnFlagsAndTexts) {
  with_ranks(3, [](Ranks& ranks) {
    EXPECT_EQ(any(ranks, {ranks.rank() == 2, false}), (std::vector<bool>{true, false}));
    EXPECT_EQ(text_of_first(ranks, std::string(static_cast<std::size_t>(5 - ranks.rank()), 'a')), "aaaaa");
    EXPECT_EQ(text_of_first(ranks, ranks.is_first() ? "" : "other"), "");
  });
}

TEST(Ranks, AddUpTotals) {
  with_ranks(2, [](Ranks& ranks) {
    PassTotals totals;
    totals.tokens = 10 + ranks.rank();
    totals.sums.entropy = 0.5;
    totals.denominators.concept_words = 3;
    const auto sum = sum_totals(ranks, totals);
    EXPECT_EQ(sum.tokens, 21);
    EXPECT_EQ(sum.sums.entropy, 1);
    EXPECT_EQ(sum.sums.rank, 0);
    EXPECT_EQ(sum.denominators.concept_words, 6);
  });
}

/// What a rank gives to a sum: of few numbers and of many, each of its own size.
template <class Number>
std::vector<Number> own_numbers(std::int64_t rank, std::size_t count) {
  Random random(static_cast<std::uint64_t>(rank));
  std::vector<Number> numbers(count);
  for (Number& number : numbers) number = static_cast<Number>(random.normal());
  return numbers;
}

template <class Number>
void expect_sums_of_equal_bits(double tolerance) {
  constexpr std::int64_t kRanks = 3;
  const std::vector<std::size_t> counts = {0, 1, 21, 100'003};
  std::vector<std::vector<std::vector<Number>>> results(kRanks);
  with_ranks(kRanks, [&](Ranks& ranks) {
    auto& own = results[static_cast<std::size_t>(ranks.rank())];
    for (const std::size_t count : counts) {
      own.push_back(own_numbers<Number>(ranks.rank(), count));
      ranks.sum(own.back());
    }
  });
  for (std::size_t c = 0; c < counts.size(); ++c) {
    std::vector<double> expected(counts[c]);
    for (std::int64_t rank = 0; rank < kRanks; ++rank) {
      const auto own = own_numbers<Number>(rank, counts[c]);
      for (std::size_t i = 0; i < own.size(); ++i) expected[i] += own[i];
    }
    double difference = 0;
    for (std::size_t i = 0; i < expected.size(); ++i)
      difference = std::max(difference, std::abs(results[0][c][i] - expected[i]));
    EXPECT_LE(difference, tolerance) << counts[c];
    for (const auto& result : results) EXPECT_EQ(result[c], results[0][c]) << counts[c];
  }
}

TEST(Ranks, AddUpNumbersToEqualBits) {
  expect_sums_of_equal_bits<float>(1e-6);
  expect_sums_of_equal_bits<double>(1e-14);
}

TEST(Ranks, AddUpRoundedNumbersToEqualBits) {
  constexpr std::int64_t kRanks = 3;
  constexpr std::size_t kCount = 100'003;
  std::vector<std::vector<float>> results(kRanks);
  with_ranks(kRanks, [&](Ranks& ranks) {
    auto& own = results[static_cast<std::size_t>(ranks.rank())];
    own = own_numbers<float>(ranks.rank(), kCount);
    ranks.sum_rounded(own);
    ranks.sum_rounded({});
  });
  for (const auto& result : results) EXPECT_EQ(result, results[0]);
  std::vector<std::vector<float>> given;
  for (std::int64_t rank = 0; rank < kRanks; ++rank) given.push_back(own_numbers<float>(rank, kCount));
  bool is_rounded = false;
  for (std::size_t i = 0; i < kCount; ++i) {
    double expected = 0, magnitude = 0;
    for (const auto& own : given) {
      expected += own[i];
      magnitude += std::abs(own[i]);
    }
    // Each number and each of two sums is rounded to 8 bits.
    ASSERT_NEAR(results[0][i], expected, 3 * magnitude / 256) << i;
    is_rounded |= results[0][i] != static_cast<float>(expected);
  }
  EXPECT_TRUE(is_rounded);
}

TEST(Ranks, TakeTheFirstsMatrices) {
  with_ranks(3, [](Ranks& ranks) {
    const auto rank = static_cast<std::uint64_t>(ranks.rank());
    const model::Matrix large = random_matrix(7, 3, rank), small = random_matrix(1, 5, rank + 10);
    copy_from_first(ranks, {large, small});
    EXPECT_TRUE(equal(large, random_matrix(7, 3, 0)));
    EXPECT_TRUE(equal(small, random_matrix(1, 5, 10)));
    check_equal_bits(ranks, {large, small});
  });
}

TEST(Ranks, ADifferenceOfOneBitIsFoundOnEveryRank) {
  with_ranks(2, [](Ranks& ranks) {
    const model::Matrix values = filled(4, 25, 1);
    check_equal_bits(ranks, {values});
    if (ranks.rank() == 1) values.values()[42] = std::nextafter(1.F, 2.F);
    EXPECT_THROW(check_equal_bits(ranks, {values}), Error);
  });
}

}  // namespace
}  // namespace conceptune::training
