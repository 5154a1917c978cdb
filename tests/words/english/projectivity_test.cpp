#include "conceptune/words/english/projectivity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conceptune::words {
namespace {

using ::testing::ElementsAre;

// Labels: 0 ROOT, 1 pobj||prep, 2 pobj, 3 prep, 4 aux, 5 nsubj, 6 punct.
const std::vector<std::optional<Decoration>> kDecorations = {
    std::nullopt, Decoration{2, 3}, std::nullopt, std::nullopt, std::nullopt, std::nullopt, std::nullopt};

TEST(LiftDecoratedArcs, FindsTheHeadByItsLabel) {  // "What are you looking for ?"
  DependencyForest forest{{3, 3, 3, 3, 3, 3}, {1, 4, 5, 0, 3, 6}};
  lift_decorated_arcs(forest, kDecorations, std::vector<bool>(6));
  EXPECT_THAT(forest.heads, ElementsAre(4, 3, 3, 3, 3, 3));
  EXPECT_THAT(forest.labels, ElementsAre(2, 4, 5, 0, 3, 6));
}

TEST(LiftDecoratedArcs, SearchesBreadthFirstFromTheLeft) {
  // Below 1: 2 (aux) with a prep 3 under it, and a prep 4: the nearer one wins over the earlier one.
  DependencyForest forest{{1, 1, 1, 2, 1}, {1, 0, 4, 3, 3}};
  lift_decorated_arcs(forest, kDecorations, std::vector<bool>(5));
  EXPECT_EQ(forest.heads[0], 4);
}

TEST(LiftDecoratedArcs, NeverTakesWhiteSpaceOrItsOwnSubtree) {
  // 0 (decorated) has a prep 1 below it; the other prep, 3, is white space.
  DependencyForest forest{{2, 0, 2, 2}, {1, 3, 0, 3}};
  lift_decorated_arcs(forest, kDecorations, {false, false, false, true});
  EXPECT_THAT(forest.heads, ElementsAre(2, 0, 2, 2));
  EXPECT_EQ(forest.labels[0], 2);
}

TEST(SentenceStarts, AreTheFirstTokensOfTrees) {
  EXPECT_THAT(sentence_starts({{0, 0, 3, 3, 3}, {0, 6, 5, 0, 6}}),
              ElementsAre(true, false, true, false, false));
  EXPECT_THAT(sentence_starts({{2, 2, 3, 3}, {0, 0, 0, 0}}), ElementsAre(true, false, false, false));
  EXPECT_TRUE(sentence_starts({}).empty());
}

}  // namespace
}  // namespace conceptune::words
