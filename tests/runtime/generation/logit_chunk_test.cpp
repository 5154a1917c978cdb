#include "conceptune/runtime/generation/logit_chunk.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/evaluation/small_model.h"
#include "tests/support/doubles.h"

namespace conceptune::generation {
namespace {

TEST(LogitChunk, AgreesWithTheSoftmaxOfAllLogits) {
  const auto decoder = test::byte_decoder();
  const model::Matrix hidden_MD = test::random_matrix(7, decoder.config().width, 3);
  const auto log_p_MV = test::double_log_softmax(decoder.project(hidden_MD));
  const LogitChunk chunk(decoder, hidden_MD, 5);
  EXPECT_EQ(chunk.begin(), 5);
  EXPECT_EQ(chunk.end(), 12);
  for (std::int64_t m = 0; m < 7; ++m) {
    const double* log_p_V = log_p_MV.row(m);
    const auto best = std::max_element(log_p_V, log_p_V + log_p_MV.width()) - log_p_V;
    for (std::int32_t token = 0; token < decoder.config().vocabulary; ++token) {
      EXPECT_NEAR(chunk.nll(5 + m, token), -log_p_V[token], 1e-5);
      EXPECT_EQ(chunk.is_best(5 + m, token), best == token);
    }
  }
}

TEST(LogitChunk, TheFirstOfEqualsIsTheBest) {
  const auto decoder = test::byte_decoder();
  const LogitChunk chunk(decoder, test::filled(1, decoder.config().width, 0), 0);
  EXPECT_TRUE(chunk.is_best(0, 0));
  EXPECT_FALSE(chunk.is_best(0, 1));
}

TEST(ForEachLogitChunk, GoesThroughAllRows) {
  const auto decoder = test::byte_decoder();
  std::int64_t next = 0;
  for_each_logit_chunk(decoder, test::filled(40, decoder.config().width, 0), [&](const LogitChunk& chunk) {
    EXPECT_EQ(chunk.begin(), next);
    next = chunk.end();
  });
  EXPECT_EQ(next, 40);
}

}  // namespace
}  // namespace conceptune::generation
