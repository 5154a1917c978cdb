#include "conceptune/training/batches/epoch_plan.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace conceptune::training {
namespace {

const std::vector<std::int64_t> kLengths = {5, 3, 9, 2, 4, 4, 6};

std::vector<std::size_t> flat(const std::vector<UpdateBatches>& updates) {
  std::vector<std::size_t> indices;
  for (const auto& batches : updates)
    for (const auto& batch : batches) indices.insert(indices.end(), batch.begin(), batch.end());
  return indices;
}

TEST(EpochPlan, EveryPassageOnceInBatchesOfPassages) {
  BatchOptions options;
  options.passages = 2;
  options.accumulation = 3;
  const auto plan = plan_epoch(kLengths, options, 1, 0);
  ASSERT_EQ(plan.size(), 2u);
  EXPECT_EQ(plan[0].size(), 3u);
  EXPECT_EQ(plan[0][0].size(), 2u);
  ASSERT_EQ(plan[1].size(), 1u);
  EXPECT_EQ(plan[1][0].size(), 1u);
  auto indices = flat(plan);
  std::sort(indices.begin(), indices.end());
  EXPECT_EQ(indices, (std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6}));
}

TEST(EpochPlan, OrderDependsOnSeedAndEpochAlone) {
  EXPECT_EQ(plan_epoch(kLengths, {}, 1, 2), plan_epoch(kLengths, {}, 1, 2));
  EXPECT_NE(flat(plan_epoch(kLengths, {}, 1, 2)), flat(plan_epoch(kLengths, {}, 1, 3)));
  EXPECT_NE(flat(plan_epoch(kLengths, {}, 1, 2)), flat(plan_epoch(kLengths, {}, 2, 2)));
}

TEST(EpochPlan, BatchesByTokensStayWithinTheLimitUnlessOnePassageIsLonger) {
  BatchOptions options;
  options.tokens = 8;
  for (const auto& batches : plan_epoch(kLengths, options, 4, 0)) {
    std::int64_t tokens = 0;
    for (const std::size_t index : batches[0]) tokens += kLengths[index];
    EXPECT_TRUE(tokens <= 8 || batches[0].size() == 1) << tokens;
  }
}

TEST(UpdatePlan, GoesThroughTheEpochsFromAnyStep) {
  BatchOptions options;
  options.passages = 3;
  options.accumulation = 1;  // three updates an epoch
  UpdatePlan plan(kLengths, options, 1), resumed(kLengths, options, 1);
  EXPECT_EQ(plan.at(0), plan_epoch(kLengths, options, 1, 0)[0]);
  EXPECT_EQ(plan.epoch(), 0);
  EXPECT_EQ(plan.at(4), plan_epoch(kLengths, options, 1, 1)[1]);
  EXPECT_EQ(plan.at(11), plan_epoch(kLengths, options, 1, 3)[2]);
  EXPECT_EQ(resumed.at(11), plan.at(11));
  EXPECT_EQ(resumed.epoch(), 3);
}

TEST(BatchesInOrder, FillUpToTheLimit) {
  EXPECT_EQ(batches_in_order(kLengths, 9), (std::vector<Batch>{{0, 1}, {2}, {3, 4}, {5}, {6}}));
  EXPECT_TRUE(batches_in_order({}, 9).empty());
}

TEST(ShareOfUpdate, WholeBatchesWhereTheyDivideEvenlyElsePassages) {
  const UpdateBatches update = {{5, 1}, {2, 7}, {3, 0}, {4, 6}};
  EXPECT_EQ(share_of_update(update, {0, 1}), update);
  EXPECT_EQ(share_of_update(update, {1, 2}), (UpdateBatches{{2, 7}, {4, 6}}));
  EXPECT_EQ(share_of_update(update, {0, 3}), (UpdateBatches{{5}, {7}, {4}}));
  EXPECT_EQ(share_of_update(update, {2, 3}), (UpdateBatches{{2}, {0}}));
  EXPECT_EQ(share_of_update({{8}}, {0, 2}), (UpdateBatches{{8}}));
  EXPECT_TRUE(share_of_update({{8}}, {1, 2}).empty());
}

TEST(EpochPlan, CountsNoFurtherThanEnough) {
  const BatchOptions options;
  const auto all = count_updates(kLengths, options, 1, 10);
  EXPECT_EQ(all, 40);
  EXPECT_EQ(count_updates(kLengths, options, 1, 10, 1000), all);
  const auto some = count_updates(kLengths, options, 1, std::int64_t{1} << 60, 30);
  EXPECT_GE(some, 30);
  EXPECT_LT(some, 40);
}

}  // namespace
}  // namespace conceptune::training
