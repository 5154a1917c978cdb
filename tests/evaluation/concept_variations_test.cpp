#include "conceptune/evaluation/concept_variations.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/evaluation/small_model.h"

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
  EXPECT_EQ(variations[1].id, "one");
  EXPECT_EQ(variations[1].prefix, (std::vector<std::int32_t>{9}));
  EXPECT_EQ(variations[1].variants, (std::vector<std::int32_t>{8, 80}));
  bool first = false, second = false;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto drawn = draw_variations(prepared(), seed)[0];
    first |= drawn.prefix.size() == 2;
    second |= drawn.prefix.size() == 4;
  }
  EXPECT_TRUE(first && second);
}

TEST(ConceptVariations, SharesThePrefixWithoutChangingTheStates) {
  const auto decoder = test::byte_decoder();
  const auto adapter = test::random_adapter(test::byte_config(), {});
  const auto variations = draw_variations(prepared(), 1);
  const auto states = concept_states(decoder, adapter.get(), variations, 1000, nullptr, {});
  const auto apart = concept_states(decoder, adapter.get(), variations, 1, nullptr, {});
  ASSERT_EQ(states.size(), variations.size());
  for (std::size_t v = 0; v < variations.size(); ++v) {
    at::Tensor sum_D = at::zeros({test::byte_config().width}, at::kDouble);
    for (const auto token : variations[v].variants) {
      auto ids = variations[v].prefix;
      ids.push_back(token);
      model::PackedBatch batch;
      batch.append(ids);
      const at::Tensor last_D = decoder.forward(batch, adapter.get())[batch.size() - 1].to(at::kDouble);
      sum_D += last_D / last_D.norm();
    }
    for (std::int64_t i = 0; i < sum_D.numel(); ++i) {
      EXPECT_NEAR(states[v].sum_D[i], sum_D[i].item<double>(), 1e-5);
      EXPECT_NEAR(apart[v].sum_D[i], sum_D[i].item<double>(), 1e-5);
    }
    EXPECT_EQ(states[v].words, static_cast<int>(variations[v].variants.size()));
  }
}

TEST(ConceptVariations, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  EXPECT_THROW(concept_states(test::byte_decoder(), nullptr, draw_variations(prepared(), 1), 10, nullptr,
                              source.get_token()),
               Interrupted);
}

}  // namespace
}  // namespace conceptune::evaluation
