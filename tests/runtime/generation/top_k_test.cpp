#include "conceptune/runtime/generation/top_k.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "conceptune/base/error.h"
#include "tests/runtime/model/random_model.h"

namespace conceptune::generation {
namespace {

using model::Matrix;

/// All ids by logit, then id.
std::vector<std::int32_t> fully_sorted(const float* logits, std::int64_t vocabulary) {
  std::vector<std::int32_t> ids(vocabulary);
  std::iota(ids.begin(), ids.end(), 0);
  std::stable_sort(ids.begin(), ids.end(), [&](int a, int b) { return logits[a] > logits[b]; });
  return ids;
}

void expect_equals_full_sort(const Matrix& logits_PV, int k) {
  const TopK top = top_k_of_logits(logits_PV, k);
  const Matrix log_probs_PV = test::log_softmax(logits_PV);
  ASSERT_EQ(top.ids_PK.width(), k);
  for (std::int64_t p = 0; p < logits_PV.rows(); ++p) {
    const auto expected = fully_sorted(logits_PV.row(p), logits_PV.width());
    for (int i = 0; i < k; ++i) {
      ASSERT_EQ(top.ids_PK.row(p)[i], expected[i]) << "row " << p << ", place " << i;
      ASSERT_NEAR(top.log_probs_PK.row(p)[i], log_probs_PV.row(p)[expected[i]], 1e-5);
    }
  }
}

TEST(TopK, EqualsAFullSort) {
  for (const std::int64_t vocabulary : {1, 63, 64, 65, 1000, 20001})
    for (const int k : {1, 7, 200})
      if (k <= vocabulary) expect_equals_full_sort(test::random_matrix(3, vocabulary), k);
}

TEST(TopK, BreaksTiesBySmallerId) {
  expect_equals_full_sort(test::filled(1, 500, 0), 50);
  const Matrix few_values_PV(2, 5000);
  Random random(2);
  std::generate_n(few_values_PV.values(), few_values_PV.size(),
                  [&] { return static_cast<float>(random.below(5)); });
  expect_equals_full_sort(few_values_PV, 300);
}

TEST(TopK, ChunksOfRowsAgreeWithAllLogits) {
  const model::Decoder decoder = test::small_decoder();
  const Matrix hidden_PD = decoder.forward(test::random_batch({9}, 50));
  const TopK top = top_k(decoder, hidden_PD, 5), expected = top_k_of_logits(decoder.project(hidden_PD), 5);
  EXPECT_EQ(test::values_of(top.ids_PK), test::values_of(expected.ids_PK));
  EXPECT_LT(test::relative_difference(top.log_probs_PK, expected.log_probs_PK), 1e-5);
  const TopK none = top_k(decoder, model::rows_of(hidden_PD, 0, 0), 5);
  EXPECT_EQ(none.ids_PK.rows(), 0);
  EXPECT_EQ(none.ids_PK.width(), 5);
}

TEST(TopK, RefusesImpossibleCountsAndLogitsThatAreNoNumbers) {
  EXPECT_THROW(top_k_of_logits(test::filled(1, 4, 0), 5), InputError);
  EXPECT_THROW(top_k_of_logits(test::filled(1, 4, 0), 0), InputError);
  EXPECT_THROW(top_k_of_logits(test::filled(1, 4, NAN), 2), InputError);
}

}  // namespace
}  // namespace conceptune::generation
