#include "conceptune/runtime/generation/text_embedding.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/runtime/model/random_model.h"
#include "tests/support/inputs.h"

namespace conceptune::generation {
namespace {

const std::vector<std::vector<std::int32_t>> kSequences = {{1, 2, 3}, {4}, {5, 6, 7, 8, 9}, {10, 11}};

at::Tensor hidden_of(const model::Decoder& decoder, const std::vector<std::int32_t>& sequence,
                     int layer = -1) {
  model::PackedBatch batch;
  batch.append(sequence);
  return decoder.forward(batch, nullptr, {.layers = layer});
}

at::Tensor unit(const at::Tensor& vector) { return vector / vector.norm(); }

TEST(TextEmbedding, PoolsAsAskedInTheOrderGiven) {
  const model::Decoder decoder = test::small_decoder();
  const auto rows = [&](Pooling pooling, int layer) {
    return embed_sequences(decoder, kSequences, 0,
                           {.pooling = pooling, .layer = layer, .tokens_per_batch = 6});
  };
  const at::Tensor mean = rows(Pooling::mean, -1), last = rows(Pooling::last, 1),
                   first = rows(Pooling::first, 0);
  for (std::size_t i = 0; i < kSequences.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    EXPECT_LT(test::relative_difference(mean[row], unit(hidden_of(decoder, kSequences[i]).mean(0))), 1e-5);
    EXPECT_LT(test::relative_difference(last[row], unit(hidden_of(decoder, kSequences[i], 1)[-1])), 1e-5);
    EXPECT_LT(test::relative_difference(first[row], unit(hidden_of(decoder, kSequences[i], 0)[0])), 1e-5);
  }
}

TEST(TextEmbedding, BatchCompositionDoesNotMatter) {
  const model::Decoder decoder = test::small_decoder();
  const at::Tensor together = embed_sequences(decoder, kSequences, 0, {.tokens_per_batch = 1000});
  const at::Tensor alone = embed_sequences(decoder, kSequences, 0, {.tokens_per_batch = 1});
  EXPECT_LT(test::relative_difference(together, alone), 1e-5);
}

TEST(TextEmbedding, LeadingTokensRunButDoNotCount) {
  const model::Decoder decoder = test::small_decoder();
  const std::vector<std::vector<std::int32_t>> sequences = {{1, 2, 3}};
  const at::Tensor row = embed_sequences(decoder, sequences, 1)[0];
  EXPECT_LT(test::relative_difference(row, unit(hidden_of(decoder, sequences[0]).slice(0, 1).mean(0))), 1e-5);
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
  EXPECT_TRUE(embed(decoder, *tokenizer, texts).equal(embed_sequences(decoder, ids, 0)));
}

}  // namespace
}  // namespace conceptune::generation
