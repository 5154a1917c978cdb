#include "conceptune/evaluation/concept_variations.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/matrices.h"

namespace conceptune::evaluation {
namespace {

PreparedPassages prepared() {
  PreparedPassages passages;
  passages.passages = {{"two", {1, 2, 3, 4, 5}, {{2, {3, 30, 31}}, {4, {5, 50}}}},
                       {"none", {1, 2, 3}, {{1, {2}}}},
                       {"one", {9, 8}, {{1, {8, 80}}}}};
  return passages;
}

TEST(ConceptVariations, DrawsOneWordWithSynonymsAPassage) {
  const auto variations = draw_variations(prepared(), 1);
  ASSERT_EQ(variations.size(), 2U);
  EXPECT_EQ(variations[1].passage, 2U);
  EXPECT_EQ(variations[1].token, 1U);
  EXPECT_EQ(variations[1].variants, (std::vector<std::int32_t>{8, 80}));
  bool first = false, second = false;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto drawn = draw_variations(prepared(), seed)[0];
    first |= drawn.token == 2;
    second |= drawn.token == 4;
  }
  EXPECT_TRUE(first && second);
}

TEST(ConceptVariations, SumsUpUnitVectors) {
  const auto states = concept_states("id", test::matrix_of({{3, 0}, {0, 1}}));
  EXPECT_EQ(states.id, "id");
  EXPECT_EQ(states.words, 2);
  EXPECT_EQ(states.sum_D, (std::vector<float>{1, 1}));
  // The centroid is of the states as they are: (1.5, 0.5), brought to length 1.
  EXPECT_FLOAT_EQ(states.unit_centroid_D[0], static_cast<float>(3 / std::sqrt(10.0)));
  EXPECT_FLOAT_EQ(states.unit_centroid_D[1], static_cast<float>(1 / std::sqrt(10.0)));
}

}  // namespace
}  // namespace conceptune::evaluation
