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
  const at::NoGradGuard no_grad;
  model::PackedBatch text;
  text.append(ids);
  EXPECT_LT(test::relative_difference(states.text_ND, decoder.forward(text)), 1e-5);
  ASSERT_EQ(states.substitute_SD.size(0), 5);
  for (std::size_t s = 0; s < substitutes.size(); ++s) {
    std::vector<std::int32_t> changed = ids;
    changed[static_cast<std::size_t>(substitutes[s].position)] = substitutes[s].id;
    model::PackedBatch batch;
    batch.append(changed);
    const at::Tensor expected = decoder.forward(batch)[substitutes[s].position];
    EXPECT_LT(test::relative_difference(states.substitute_SD[static_cast<std::int64_t>(s)], expected), 1e-5)
        << s;
  }
}

TEST(Substitution, WithoutSubstitutesGivesTheTextAlone) {
  const std::vector<std::int32_t> ids = {3, 14};
  const auto states = substitute(test::small_decoder(), ids, {});
  EXPECT_EQ(states.text_ND.size(0), 2);
  EXPECT_EQ(states.substitute_SD.size(0), 0);
}

}  // namespace
}  // namespace conceptune::concepts
