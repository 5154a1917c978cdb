#include "conceptune/concepts/substitution.h"

#include <gtest/gtest.h>

#include "tests/runtime/model/random_model.h"

namespace conceptune::concepts {
namespace {

TEST(Substitution, EqualsRunningTheChangedTexts) {
  const auto decoder = test::small_decoder();
  const std::vector<std::int32_t> ids = {3, 14, 15, 9, 26, 5};
  const std::vector<Substitute> substitutes = {{0, {7}},  {2, {15}},      {2, {40, 3}},
                                               {2, {41}}, {5, {1, 2, 8}}, {6, {9}}};
  const auto states = substitute(decoder, ids, substitutes);
  model::PackedBatch text;
  text.append(ids);
  EXPECT_LT(test::relative_difference(states.text_ND, decoder.forward(text)), 1e-5);
  EXPECT_EQ(states.starts, (std::vector<std::int32_t>{0, 1, 2, 4, 5, 8, 9}));
  ASSERT_EQ(states.substitute_MD.rows(), 9);
  for (std::size_t s = 0; s < substitutes.size(); ++s) {
    const auto& [position, tokens] = substitutes[s];
    std::vector<std::int32_t> changed(ids.begin(), ids.begin() + position);
    changed.insert(changed.end(), tokens.begin(), tokens.end());
    model::PackedBatch batch;
    batch.append(changed);
    const auto count = static_cast<std::int64_t>(tokens.size());
    const model::Matrix expected = model::rows_of(decoder.forward(batch), position, count);
    const model::Matrix actual = model::rows_of(states.substitute_MD, states.starts[s], count);
    EXPECT_LT(test::relative_difference(actual, expected), 1e-5) << s;
  }
}

TEST(Cosine, IsThatOfTheVectors) {
  const float a[] = {3, 4}, b[] = {4, 3};
  EXPECT_DOUBLE_EQ(cosine(a, b, 2), 24.0 / 25);
  EXPECT_DOUBLE_EQ(cosine(a, a, 2), 1);
}

TEST(Substitution, WithoutSubstitutesGivesTheTextAlone) {
  const std::vector<std::int32_t> ids = {3, 14};
  const auto states = substitute(test::small_decoder(), ids, {});
  EXPECT_EQ(states.text_ND.rows(), 2);
  EXPECT_EQ(states.substitute_MD.rows(), 0);
}

}  // namespace
}  // namespace conceptune::concepts
