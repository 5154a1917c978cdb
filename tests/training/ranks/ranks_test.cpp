#include "conceptune/training/ranks/ranks.h"

#include <gtest/gtest.h>

#include "tests/training/local_ranks.h"

namespace conceptune::training {
namespace {

using test::with_ranks;

TEST(SingleRank, LeavesEverythingAsItIs) {
  SingleRank ranks;
  EXPECT_TRUE(ranks.is_first());
  EXPECT_EQ(any(ranks, {true, false}), (std::vector<bool>{true, false}));
  EXPECT_EQ(text_of_first(ranks, "text"), "text");
  std::vector<at::Tensor> tensors = {at::ones({2})};
  sum_tensors(ranks, tensors);
  EXPECT_TRUE(at::equal(tensors[0], at::ones({2})));
  check_equal_bits(ranks, tensors);
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

TEST(Ranks, AddUpTensorsOfAnyShapeToEqualBits) {
  constexpr std::int64_t kRanks = 3;
  std::vector<std::vector<at::Tensor>> results(kRanks);
  with_ranks(kRanks, [&](Ranks& ranks) {
    const at::Generator generator = at::detail::createCPUGenerator(static_cast<std::uint64_t>(ranks.rank()));
    std::vector<at::Tensor> tensors = {at::randn({7, 3}, generator),
                                       at::randn({5}, generator).expand({2, 5})};
    sum_tensors(ranks, tensors);
    check_equal_bits(ranks, tensors);
    results[static_cast<std::size_t>(ranks.rank())] = tensors;
  });
  at::Tensor expected = at::zeros({7, 3});
  for (std::uint64_t rank = 0; rank < kRanks; ++rank)
    expected += at::randn({7, 3}, at::detail::createCPUGenerator(rank));
  EXPECT_TRUE(at::allclose(results[0][0], expected, 1e-6, 1e-6));
  for (const auto& tensors : results) {
    EXPECT_TRUE(at::equal(tensors[0], results[0][0]));
    EXPECT_TRUE(at::equal(tensors[1], results[0][1]));
  }
}

TEST(Ranks, ADifferenceOfOneBitIsFoundOnEveryRank) {
  with_ranks(2, [](Ranks& ranks) {
    at::Tensor values = at::ones({100});
    check_equal_bits(ranks, {values});
    if (ranks.rank() == 1) values[42] = 1 + 1.2e-7;
    EXPECT_THROW(check_equal_bits(ranks, {values}), Error);
  });
}

}  // namespace
}  // namespace conceptune::training
