#include "conceptune/evaluation/similarity.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "tests/evaluation/small_model.h"

namespace conceptune::evaluation {
namespace {

const PairBenchmark kBenchmark{.name = "set",
                               .path = "set.txt",
                               .hash = "aa",
                               .pairs = {{"cat", "dog", 5, 1},
                                         {"cat", "cat", 10, 2},
                                         {"dog", std::string(100, 'x'), 3, 3},
                                         {"tree", "cat", 1, 4}}};

class Similarity : public ::testing::Test {
 protected:
  std::vector<double> cosines(const EncodedPairs& pairs, int tokens_per_batch,
                              const model::LoraAdapter* adapter = nullptr) {
    return pair_cosines(decoder_, adapter, pairs, encoder_, tokens_per_batch, nullptr, {});
  }

  model::Decoder decoder_ = test::byte_decoder();
  tokenizer::Tokenizer tokenizer_ = test::byte_tokenizer();
  TextEncoder encoder_{{}, tokenizer_};
  EncodedPairs pairs_ = encode_pairs(kBenchmark, encoder_, test::byte_config().context_length, 0);
};

TEST_F(Similarity, SkipsTextsAboveTheContextAndSaysSo) {
  ASSERT_EQ(pairs_.pairs.size(), 3U);
  EXPECT_EQ(pairs_.pairs[2].source, 3U);
  ASSERT_EQ(pairs_.skipped.size(), 1U);
  EXPECT_EQ(pairs_.skipped[0].item, "line 3");
  EXPECT_EQ(pairs_.skipped[0].reason, "a text has 102 tokens, the context holds 40");
  EXPECT_EQ(encode_pairs(kBenchmark, encoder_, 40, 2).pairs.size(), 2U);
}

TEST_F(Similarity, SkipsTextsWithoutTokens) {
  TextConvention bare = paper_convention();
  const PairBenchmark empty{.name = "e", .path = "e", .hash = "", .pairs = {{"", "a", 1, 1}}};
  const auto pairs = encode_pairs(empty, TextEncoder(bare, tokenizer_), 40, 0);
  EXPECT_EQ(pairs.skipped.at(0).reason, "a text has no tokens");
}

TEST_F(Similarity, IsTheCosineOfMeanHiddenStates) {
  const auto values = cosines(pairs_, 1000);
  const auto mean_of = [&](std::string_view text) {
    model::PackedBatch batch;
    batch.append(encoder_.encode(text));
    const model::Matrix hidden_ND = decoder_.forward(batch);
    std::vector<double> mean_D(static_cast<std::size_t>(hidden_ND.width()));
    for (std::int64_t n = 1; n < hidden_ND.rows(); ++n)  // behind the first
      for (std::size_t d = 0; d < mean_D.size(); ++d)
        mean_D[d] += hidden_ND.row(n)[d] / static_cast<double>(hidden_ND.rows() - 1);
    return mean_D;
  };
  const auto dot = [](const std::vector<double>& a, const std::vector<double>& b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
  };
  const auto cat = mean_of("cat"), dog = mean_of("dog");
  const double expected = dot(cat, dog) / std::sqrt(dot(cat, cat) * dot(dog, dog));
  EXPECT_NEAR(values[0], expected, 1e-6);
  EXPECT_NEAR(values[1], 1, 1e-6);
}

TEST_F(Similarity, DoesNotDependOnBatches) {
  const auto together = cosines(pairs_, 1000);
  const auto apart = cosines(pairs_, 1);
  for (std::size_t i = 0; i < together.size(); ++i) EXPECT_NEAR(together[i], apart[i], 1e-6);
}

TEST_F(Similarity, SeesTheAdapter) {
  const auto adapter = test::random_adapter(test::byte_config(), {});
  EXPECT_GT(std::abs(cosines(pairs_, 1000, adapter.get())[0] - cosines(pairs_, 1000)[0]), 1e-4);
}

}  // namespace
}  // namespace conceptune::evaluation
