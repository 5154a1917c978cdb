#include "conceptune/concepts/substitution.h"

#include <gtest/gtest.h>

#include "tests/runtime/model/random_model.h"

namespace conceptune::concepts {
namespace {

TEST(Substitution, EqualsRunningTheChangedTexts) {
  const auto decoder = test::small_decoder();
  const std::vector<std::int32_t> ids = {3, 14, 15, 9, 26, 5};
  const std::vector<Substitute> substitutes = {{0, 7}, {2, 15}, {2, 40}, {2, 41}, {5, 1}};
  const auto states = substitute(decoder, ids, substitutes);
  model::PackedBatch text;
  text.append(ids);
  EXPECT_LT(test::relative_difference(states.text_ND, decoder.forward(text)), 1e-5);
  ASSERT_EQ(states.substitute_SD.rows(), 5);
  for (std::size_t s = 0; s < substitutes.size(); ++s) {
    std::vector<std::int32_t> changed = ids;
    changed[static_cast<std::size_t>(substitutes[s].position)] = substitutes[s].id;
    model::PackedBatch batch;
    batch.append(changed);
    const model::Matrix expected = model::rows_of(decoder.forward(batch), substitutes[s].position, 1);
    const model::Matrix actual = model::rows_of(states.substitute_SD, static_cast<std::int64_t>(s), 1);
    EXPECT_LT(test::relative_difference(actual, expected), 1e-5) << s;
  }
}

TEST(Substitution, WithoutSubstitutesGivesTheTextAlone) {
  const std::vector<std::int32_t> ids = {3, 14};
  const auto states = substitute(test::small_decoder(), ids, {});
  EXPECT_EQ(states.text_ND.rows(), 2);
  EXPECT_EQ(states.substitute_SD.rows(), 0);
}

}  // namespace
}  // namespace conceptune::concepts
