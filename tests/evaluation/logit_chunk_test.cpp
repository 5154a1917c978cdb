#include "conceptune/evaluation/logit_chunk.h"

#include <gtest/gtest.h>

#include "tests/evaluation/small_model.h"

namespace conceptune::evaluation {
namespace {

TEST(LogitChunk, AgreesWithTheSoftmaxOfAllLogits) {
  const auto decoder = test::byte_decoder();
  const at::Tensor hidden_MD = at::randn({7, decoder.config().width}, at::detail::createCPUGenerator(3));
  const at::Tensor log_p_MV = decoder.project(hidden_MD).to(at::kDouble).log_softmax(1);
  const at::Tensor best_M = log_p_MV.argmax(1);
  const LogitChunk chunk(decoder, hidden_MD, 5);
  EXPECT_EQ(chunk.begin(), 5);
  EXPECT_EQ(chunk.end(), 12);
  for (std::int64_t m = 0; m < 7; ++m)
    for (std::int32_t token = 0; token < decoder.config().vocabulary; ++token) {
      EXPECT_NEAR(chunk.nll(5 + m, token), -log_p_MV[m][token].item<double>(), 1e-5);
      EXPECT_EQ(chunk.is_best(5 + m, token), best_M[m].item<std::int64_t>() == token);
    }
}

TEST(LogitChunk, TheFirstOfEqualsIsTheBest) {
  const auto decoder = test::byte_decoder();
  const LogitChunk chunk(decoder, at::zeros({1, decoder.config().width}), 0);
  EXPECT_TRUE(chunk.is_best(0, 0));
  EXPECT_FALSE(chunk.is_best(0, 1));
}

TEST(ForEachLogitChunk, GoesThroughAllRows) {
  const auto decoder = test::byte_decoder();
  std::int64_t next = 0;
  for_each_logit_chunk(decoder, at::zeros({40, decoder.config().width}), [&](const LogitChunk& chunk) {
    EXPECT_EQ(chunk.begin(), next);
    next = chunk.end();
  });
  EXPECT_EQ(next, 40);
}

}  // namespace
}  // namespace conceptune::evaluation
