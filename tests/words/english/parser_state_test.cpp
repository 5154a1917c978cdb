// The worked example and the validity rules of spaCy's transition system.
#include "conceptune/words/english/parser_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conceptune::words {
namespace {

using Action = ParserAction;
using ::testing::ElementsAre;

std::vector<Action> valid_actions(const ParserState& state) {
  std::vector<Action> valid;
  for (std::size_t i = 0; i < kParserActions; ++i)
    if (state.is_valid(static_cast<Action>(i))) valid.push_back(static_cast<Action>(i));
  return valid;
}

// "What are you looking for ?"
TEST(ParserState, FollowsAWholeSentence) {
  ParserState state(6);
  EXPECT_THAT(state.context(), ElementsAre(0, 1, -1, -1, -1, -1, -1, -1));
  EXPECT_THAT(valid_actions(state), ElementsAre(Action::shift, Action::stop_sentence));
  for (int i = 0; i < 3; ++i) state.apply(Action::shift, 0);
  EXPECT_THAT(state.context(), ElementsAre(3, 4, 2, 1, 0, -1, -1, -1));
  EXPECT_EQ(valid_actions(state).size(), kParserActions);
  state.apply(Action::left, 1);
  EXPECT_THAT(state.context(), ElementsAre(3, 4, 1, 0, -1, 2, -1, -1));
  state.apply(Action::left, 2);
  state.apply(Action::left, 3);
  EXPECT_THAT(state.context(), ElementsAre(3, 4, -1, -1, -1, 0, -1, -1));
  state.apply(Action::shift, 0);
  state.apply(Action::right, 4);
  EXPECT_THAT(state.context(), ElementsAre(5, -1, 4, 3, -1, -1, -1, -1));
  EXPECT_THAT(valid_actions(state), ElementsAre(Action::reduce, Action::left, Action::right));
  state.apply(Action::reduce, 0);
  EXPECT_THAT(state.context(), ElementsAre(5, -1, 3, -1, -1, -1, 0, 4));
  state.apply(Action::right, 5);
  EXPECT_THAT(valid_actions(state), ElementsAre(Action::reduce));
  state.apply(Action::reduce, 0);
  state.apply(Action::reduce, 0);
  EXPECT_TRUE(state.is_final());
  EXPECT_THAT(state.heads(), ElementsAre(3, 3, 3, -1, 3, 3));
  EXPECT_EQ(state.labels()[0], 3);
  EXPECT_EQ(state.labels()[5], 5);
}

TEST(ParserState, StopsAtASentenceStart) {
  ParserState state(3);
  state.apply(Action::shift, 0);
  state.apply(Action::stop_sentence, 0);
  state.apply(Action::right, 1);
  EXPECT_THAT(valid_actions(state), ElementsAre(Action::reduce));
  state.apply(Action::reduce, 0);
  state.apply(Action::reduce, 0);
  EXPECT_THAT(valid_actions(state),
              ElementsAre(Action::shift));  // the stack is empty: 2 begins the next sentence
}

TEST(ParserState, TakesBackAHeadlessToken) {
  ParserState state(3);
  state.apply(Action::shift, 0);
  state.apply(Action::shift, 0);
  state.apply(Action::reduce, 0);  // 1 has no head and is not alone
  EXPECT_THAT(state.context(), ElementsAre(1, 2, 0, -1, -1, -1, -1, -1));
  EXPECT_THAT(valid_actions(state),
              ElementsAre(Action::reduce, Action::left, Action::right, Action::stop_sentence));
  state.apply(Action::left, 1);
  EXPECT_TRUE(state.is_valid(Action::shift));
}

TEST(ParserState, MovesATokenToABetterHead) {
  ParserState state(3);
  state.apply(Action::shift, 0);
  state.apply(Action::right, 1);  // 1 under 0
  state.apply(Action::left, 2);   // no, under 2
  EXPECT_THAT(state.heads(), ElementsAre(-1, 2, -1));
  EXPECT_THAT(state.context(), ElementsAre(2, -1, 0, -1, -1, 1, -1, -1));
}

}  // namespace
}  // namespace conceptune::words
