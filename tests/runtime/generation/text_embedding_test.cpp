#include "conceptune/runtime/generation/text_embedding.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "conceptune/base/error.h"
#include "tests/runtime/model/random_model.h"
#include "tests/support/inputs.h"

namespace conceptune::generation {
namespace {

const std::vector<std::vector<std::int32_t>> kSequences = {{1, 2, 3}, {4}, {5, 6, 7, 8, 9}, {10, 11}};

using model::Matrix;

Matrix hidden_of(const model::Decoder& decoder, const std::vector<std::int32_t>& sequence, int layer = -1) {
  model::PackedBatch batch;
  batch.append(sequence);
  return decoder.forward(batch, nullptr, {.layers = layer});
}

/// The mean of rows from `first` on, of length 1.
Matrix unit_mean(const Matrix& rows_ND, std::int64_t first) {
  const Matrix mean_D = test::filled(1, rows_ND.width(), 0);
  for (std::int64_t n = first; n < rows_ND.rows(); ++n)
    std::transform(rows_ND.row(n), rows_ND.row(n + 1), mean_D.values(), mean_D.values(), std::plus<>());
  const double length =
      std::sqrt(std::inner_product(mean_D.values(), mean_D.values() + mean_D.size(), mean_D.values(), 0.0));
  for (std::int64_t i = 0; i < mean_D.size(); ++i)
    mean_D.values()[i] = static_cast<float>(mean_D.values()[i] / length);
  return mean_D;
}

Matrix unit_row(const Matrix& rows_ND, std::int64_t row) { return unit_mean(rows_of(rows_ND, row, 1), 0); }

TEST(TextEmbedding, PoolsAsAskedInTheOrderGiven) {
  const model::Decoder decoder = test::small_decoder();
  const auto rows = [&](Pooling pooling, int layer) {
    return embed_sequences(decoder, kSequences, 0,
                           {.pooling = pooling, .layer = layer, .tokens_per_batch = 6});
  };
  const Matrix mean = rows(Pooling::mean, -1), last = rows(Pooling::last, 1), first = rows(Pooling::first, 0);
  for (std::size_t i = 0; i < kSequences.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    const auto expect_row = [&](const Matrix& actual, const Matrix& expected) {
      EXPECT_LT(test::relative_difference(rows_of(actual, row, 1), expected), 1e-5);
    };
    const auto last_token = std::ssize(kSequences[i]) - 1;
    expect_row(mean, unit_mean(hidden_of(decoder, kSequences[i]), 0));
    expect_row(last, unit_row(hidden_of(decoder, kSequences[i], 1), last_token));
    expect_row(first, unit_row(hidden_of(decoder, kSequences[i], 0), 0));
  }
}

TEST(TextEmbedding, BatchCompositionDoesNotMatter) {
  const model::Decoder decoder = test::small_decoder();
  const Matrix together = embed_sequences(decoder, kSequences, 0, {.tokens_per_batch = 1000});
  const Matrix alone = embed_sequences(decoder, kSequences, 0, {.tokens_per_batch = 1});
  EXPECT_LT(test::relative_difference(together, alone), 1e-5);
}

TEST(TextEmbedding, LeadingTokensRunButDoNotCount) {
  const model::Decoder decoder = test::small_decoder();
  const std::vector<std::vector<std::int32_t>> sequences = {{1, 2, 3}};
  EXPECT_LT(test::relative_difference(embed_sequences(decoder, sequences, 1),
                                      unit_mean(hidden_of(decoder, sequences[0]), 1)),
            1e-5);
}

TEST(TextEmbedding, RefusesTextsWithoutTokensAndUnknownLayers) {
  const model::Decoder decoder = test::small_decoder();
  const std::vector<std::vector<std::int32_t>> empty = {{1}, {}};
  EXPECT_THROW(embed_sequences(decoder, empty, 0), InputError);
  EXPECT_THROW(embed_sequences(decoder, kSequences, 1), InputError);  // the second has its begin token alone
  EXPECT_THROW(embed_sequences(decoder, kSequences, 0, {.layer = 3}), InputError);
}

TEST(TextEmbedding, TextsAreTokenizedAsTheModelDoes) {
  const auto model = test::input("SmolLM2-135M-Instruct.Q4_1.gguf");
  CONCEPTUNE_REQUIRE(model);
  const auto tokenizer = tokenizer::Tokenizer::load(model);
  const model::Decoder decoder(weights::WeightStore::open(model));
  const std::vector<std::string> texts = {"The cat sat.", "naïve"};
  const std::vector<std::vector<std::int32_t>> ids = {tokenizer->encode_ids(texts[0]),
                                                      tokenizer->encode_ids(texts[1])};
  ASSERT_EQ(tokenizer->begin_token(), std::nullopt);
  EXPECT_TRUE(test::equal(embed(decoder, *tokenizer, texts), embed_sequences(decoder, ids, 0)));
}

}  // namespace
}  // namespace conceptune::generation
