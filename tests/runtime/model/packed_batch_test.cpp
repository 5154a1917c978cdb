#include "conceptune/runtime/model/packed_batch.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"

namespace conceptune::model {
namespace {

TEST(PackedBatch, LaysSequencesEndToEndAndRestartsPositions) {
  PackedBatch batch;
  batch.append(std::vector<std::int32_t>{5, 6, 7});
  batch.append(std::vector<std::int32_t>{8});
  EXPECT_EQ(batch.tokens, (std::vector<std::int32_t>{5, 6, 7, 8}));
  EXPECT_EQ(batch.starts, (std::vector<std::int32_t>{0, 3, 4}));
  EXPECT_EQ(batch.positions(), (std::vector<std::int32_t>{0, 1, 2, 0}));
  EXPECT_EQ(batch.length(1), 1);
  EXPECT_NO_THROW(check_batch(batch, 9));
}

TEST(PackedBatch, BranchesContinueAPrefixOfTheirSequence) {
  PackedBatch batch;
  batch.append(std::vector<std::int32_t>{5, 6, 7});
  batch.append_branch(1, std::vector<std::int32_t>{8, 9});
  batch.append_branch(3, std::vector<std::int32_t>{4});
  batch.append(std::vector<std::int32_t>{1, 2});
  batch.append_branch(2, std::vector<std::int32_t>{3});
  EXPECT_EQ(batch.starts, (std::vector<std::int32_t>{0, 6, 9}));
  EXPECT_EQ(batch.positions(), (std::vector<std::int32_t>{0, 1, 2, 1, 2, 3, 0, 1, 2}));
  const Visibility visible = batch.visibility();
  EXPECT_EQ(visible.prefix_N, (std::vector<std::int32_t>{0, 0, 0, 1, 1, 3, 0, 0, 2}));
  EXPECT_EQ(visible.own_N, (std::vector<std::int32_t>{0, 0, 0, 3, 3, 5, 0, 0, 2}));
  EXPECT_NO_THROW(check_batch(batch, 10));
}

TEST(PackedBatch, RefusesBranchesOfNothing) {
  const auto refused = [](std::vector<Branch> branches) {
    EXPECT_THROW(check_batch({{1, 2, 3, 4}, {0, 3, 4}, std::move(branches)}, 9), InputError);
  };
  refused({{2, 0}});          // no prefix
  refused({{2, 3}});          // a prefix that reaches into the branch
  refused({{2, 1}, {2, 1}});  // an empty branch
  refused({{4, 1}});          // outside the batch
  refused({{3, 1}});          // a sequence of a branch alone
}

TEST(PackedBatch, RefusesWhatTheModelCannotRun) {
  EXPECT_THROW(check_batch({}, 9), InputError);                         // no tokens
  EXPECT_THROW(check_batch({{1, 2}, {0, 1}}, 9), InputError);           // starts end early
  EXPECT_THROW(check_batch({{1, 2}, {1, 2}}, 9), InputError);           // starts begin late
  EXPECT_THROW(check_batch({{1, 2}, {}}, 9), InputError);               // no starts
  EXPECT_THROW(check_batch({{1, 2}, {0, 2, 2}}, 9), InputError);        // an empty sequence
  EXPECT_THROW(check_batch({{1, 2, 3}, {0, 2, 1, 3}}, 9), InputError);  // falling starts
  EXPECT_THROW(check_batch({{1, 9}, {0, 2}}, 9), InputError);           // id beyond the vocabulary
  EXPECT_THROW(check_batch({{1, -1}, {0, 2}}, 9), InputError);          // negative id
}

}  // namespace
}  // namespace conceptune::model
