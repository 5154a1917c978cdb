#include "conceptune/runtime/generation/top_k.h"

#include <gtest/gtest.h>

#include <numeric>

#include "conceptune/base/error.h"
#include "tests/runtime/model/random_model.h"

namespace conceptune::generation {
namespace {

/// All ids by logit, then id.
std::vector<std::int32_t> fully_sorted(const at::Tensor& logits_V) {
  std::vector<std::int32_t> ids(logits_V.size(0));
  std::iota(ids.begin(), ids.end(), 0);
  const float* logits = logits_V.data_ptr<float>();
  std::stable_sort(ids.begin(), ids.end(), [&](int a, int b) { return logits[a] > logits[b]; });
  return ids;
}

void expect_equals_full_sort(const at::Tensor& logits_PV, int k) {
  const TopK top = top_k_of_logits(logits_PV, k);
  const at::Tensor log_probs_PV = at::log_softmax(logits_PV, 1);
  for (std::int64_t p = 0; p < logits_PV.size(0); ++p) {
    const auto expected = fully_sorted(logits_PV[p]);
    for (int i = 0; i < k; ++i) {
      ASSERT_EQ(top.ids_PK[p][i].item<int>(), expected[i]) << "row " << p << ", place " << i;
      ASSERT_NEAR(top.log_probs_PK[p][i].item<float>(), log_probs_PV[p][expected[i]].item<float>(), 1e-5);
    }
  }
}

TEST(TopK, EqualsAFullSort) {
  at::manual_seed(1);
  for (const std::int64_t vocabulary : {1, 63, 64, 65, 1000, 20001})
    for (const int k : {1, 7, 200})
      if (k <= vocabulary) expect_equals_full_sort(at::randn({3, vocabulary}), k);
}

TEST(TopK, BreaksTiesBySmallerId) {
  at::manual_seed(2);
  expect_equals_full_sort(at::zeros({1, 500}), 50);
  expect_equals_full_sort(at::randint(0, 5, {2, 5000}).to(at::kFloat), 300);
}

TEST(TopK, ChunksOfRowsAgreeWithAllLogits) {
  const model::Decoder decoder = test::small_decoder();
  const at::Tensor hidden_PD = decoder.forward(test::random_batch({9}, 50));
  const TopK top = top_k(decoder, hidden_PD, 5), expected = top_k_of_logits(decoder.project(hidden_PD), 5);
  EXPECT_TRUE(top.ids_PK.equal(expected.ids_PK));
  EXPECT_TRUE(at::allclose(top.log_probs_PK, expected.log_probs_PK));
  EXPECT_EQ(top_k(decoder, hidden_PD.slice(0, 0, 0), 5).ids_PK.sizes(), at::IntArrayRef({0, 5}));
}

TEST(TopK, RefusesImpossibleCountsAndLogitsThatAreNoNumbers) {
  EXPECT_THROW(top_k_of_logits(at::zeros({1, 4}), 5), InputError);
  EXPECT_THROW(top_k_of_logits(at::zeros({1, 4}), 0), InputError);
  EXPECT_THROW(top_k_of_logits(at::full({1, 4}, NAN), 2), InputError);
}

}  // namespace
}  // namespace conceptune::generation
