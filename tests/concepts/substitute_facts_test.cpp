#include "conceptune/concepts/substitute_facts.h"

#include <gtest/gtest.h>

namespace conceptune::concepts {
namespace {

SubstituteFacts a_synonym() {
  return {.steps = 0,
          .sense = 0,
          .first_association = -3,
          .word = -2,
          .following = {0.5, -1},
          .likeness = 0.9,
          .association = -3};
}

TEST(SubstituteScore, IsWhatTheOrderSays) {
  const SubstituteFacts facts = a_synonym();
  EXPECT_DOUBLE_EQ(substitute_score(facts, SubstituteOrder::continuation), -2.5);
  EXPECT_DOUBLE_EQ(substitute_score(facts, SubstituteOrder::likeness), 0.9);
  const double probability = substitute_score(facts, SubstituteOrder::fitted);
  EXPECT_GT(probability, 0);
  EXPECT_LT(probability, 1);
}

TEST(SubstituteScore, FallsWithDistanceAndImprobability) {
  const auto both = [](const SubstituteFacts& facts) {
    return std::pair(substitute_score(facts, SubstituteOrder::fitted), first_look(facts));
  };
  const auto [score, look] = both(a_synonym());
  SubstituteFacts farther = a_synonym(), rarer = a_synonym(), unlikely = a_synonym(), apart = a_synonym();
  farther.steps = 1;
  rarer.sense = 2;
  unlikely.word = -9;
  apart.association = apart.first_association = -12;
  for (const auto& worse : {farther, rarer, apart}) {
    EXPECT_LT(both(worse).first, score);
    EXPECT_LT(both(worse).second, look);
  }
  EXPECT_LT(both(unlikely).first, score);
  SubstituteFacts longer = a_synonym();
  longer.tokens = 3;
  EXPECT_LT(first_look(longer), look);
  SubstituteFacts unlike = a_synonym();
  unlike.likeness = 0.2;
  EXPECT_LT(both(unlike).first, score);
  SubstituteFacts tenth = a_synonym(), twentieth = a_synonym();
  tenth.sense = 9;
  twentieth.sense = 19;
  EXPECT_EQ(both(tenth), both(twentieth));
}

}  // namespace
}  // namespace conceptune::concepts
