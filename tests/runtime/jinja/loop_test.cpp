#include "conceptune/runtime/jinja/loop.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"

namespace conceptune::jinja {
namespace {

class LoopTest : public ::testing::Test {
 protected:
  Budget budget_;
  int given_ = 0;
  std::shared_ptr<Loop> loop_ = std::make_shared<Loop>(budget_, [this]() -> std::optional<Value> {
    if (given_ == 3) return std::nullopt;
    return Value{std::int64_t{++given_}};
  });

  std::int64_t number(std::string_view name) { return *loop_->member(loop_, name).get<std::int64_t>(); }
  bool truth(std::string_view name) { return *loop_->member(loop_, name).get<bool>(); }
};

TEST_F(LoopTest, LooksNoFurtherAheadThanItIsAsked) {
  ASSERT_TRUE(loop_->advance());
  EXPECT_EQ(given_, 1);
  EXPECT_TRUE(truth("first"));
  EXPECT_FALSE(truth("last"));
  EXPECT_EQ(given_, 2);
  EXPECT_EQ(number("nextitem"), 2);
  EXPECT_EQ(given_, 2);
  EXPECT_EQ(number("length"), 3);
  EXPECT_EQ(given_, 3);
  EXPECT_EQ(number("revindex"), 3);
}

TEST_F(LoopTest, GoesThroughAllElements) {
  for (std::int64_t i = 1; i <= 3; ++i) {
    ASSERT_TRUE(loop_->advance());
    EXPECT_EQ(*loop_->current().get<std::int64_t>(), i);
    EXPECT_EQ(number("index"), i);
    EXPECT_EQ(loop_->member(loop_, "previtem").is<Undefined>(), i == 1);
    if (i == 2) {
      EXPECT_EQ(number("length"), 3);
      EXPECT_EQ(number("previtem"), 1);
    }
  }
  EXPECT_TRUE(truth("last"));
  EXPECT_TRUE(loop_->member(loop_, "nextitem").is<Undefined>());
  EXPECT_FALSE(loop_->advance());
}

TEST_F(LoopTest, CyclesAndSeesChanges) {
  loop_->advance();
  loop_->advance();
  const Items two({Value{true}, Value{false}}, &budget_);
  EXPECT_FALSE(*loop_->cycle(two).get<bool>());
  EXPECT_THROW(loop_->cycle(Items(&budget_)), InputError);
  EXPECT_TRUE(*loop_->changed(two).get<bool>());
  EXPECT_FALSE(*loop_->changed(two).get<bool>());
  EXPECT_TRUE(*loop_->changed(Items({Value{true}}, &budget_)).get<bool>());
}

TEST_F(LoopTest, IsRefusedWhenItIsOver) {
  loop_->advance();
  loop_->close();
  EXPECT_THROW(loop_->member(loop_, "index"), InputError);
  EXPECT_THROW(loop_->changed(Items(&budget_)), InputError);
}

}  // namespace
}  // namespace conceptune::jinja
