#include "conceptune/concepts/substitution.h"

#include <gtest/gtest.h>

#include "tests/runtime/model/random_model.h"

namespace conceptune::concepts {
namespace {

TEST(Substitution, EqualsRunningTheChangedTexts) {
  const auto decoder = test::small_decoder();
  const std::vector<std::vector<std::int32_t>> ids = {{3, 14, 15, 9, 26, 5}, {8, 2, 6}};
  const std::vector<Substitute> substitutes = {{0, {7}},  {2, {15}},      {2, {40, 3}, 1},
                                               {2, {41}}, {5, {1, 2, 8}}, {3, {9}, 1}};
  SharedTexts texts(decoder, ids);
  const auto states = texts.substitute(substitutes);
  model::PackedBatch text;
  for (const auto& one : ids) text.append(one);
  EXPECT_LT(test::relative_difference(texts.states_ND(), decoder.forward(text)), 1e-5);
  EXPECT_EQ(texts.row(1, 2), 8);
  EXPECT_EQ(std::vector(texts.ids(1).begin(), texts.ids(1).end()), ids[1]);
  EXPECT_EQ(states.starts, (std::vector<std::int32_t>{0, 1, 2, 4, 5, 8, 9}));
  ASSERT_EQ(states.states_MD.rows(), 9);
  for (std::size_t s = 0; s < substitutes.size(); ++s) {
    const auto& [position, tokens, number] = substitutes[s];
    const auto& own = ids[static_cast<std::size_t>(number)];
    std::vector<std::int32_t> changed(own.begin(), own.begin() + position);
    changed.insert(changed.end(), tokens.begin(), tokens.end());
    model::PackedBatch batch;
    batch.append(changed);
    const auto count = static_cast<std::int64_t>(tokens.size());
    const model::Matrix expected = model::rows_of(decoder.forward(batch), position, count);
    const model::Matrix actual = model::rows_of(states.states_MD, states.starts[s], count);
    EXPECT_LT(test::relative_difference(actual, expected), 1e-5) << s;
  }
}

TEST(Cosine, IsThatOfTheVectors) {
  const float a[] = {3, 4}, b[] = {4, 3};
  EXPECT_DOUBLE_EQ(cosine(a, b, 2), 24.0 / 25);
  EXPECT_DOUBLE_EQ(cosine(a, a, 2), 1);
}

TEST(Substitution, GoesOnFromTheSameTextsAgain) {
  const std::vector<std::vector<std::int32_t>> ids = {{3, 14}};
  const auto decoder = test::small_decoder();
  SharedTexts texts(decoder, ids);
  EXPECT_EQ(texts.states_ND().rows(), 2);
  EXPECT_EQ(texts.substitute({}).states_MD.rows(), 0);
  const std::vector<Substitute> first = {{1, {5, 6}}, {1, {7}}}, second = {{1, {7}}};
  texts.substitute(first);
  const auto again = texts.substitute(second);
  model::PackedBatch batch;
  batch.append(std::vector<std::int32_t>{3, 7});
  EXPECT_LT(test::relative_difference(again.states_MD, model::rows_of(decoder.forward(batch), 1, 1)), 1e-5);
}

}  // namespace
}  // namespace conceptune::concepts
