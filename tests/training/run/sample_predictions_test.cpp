#include "conceptune/training/run/sample_predictions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "conceptune/base/error.h"
#include "tests/support/doubles.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_model.h"
#include "tests/training/tiny_model.h"

namespace conceptune::training {
namespace {

TEST(SamplePredictions, AreTheLikeliestTokensBehindEachPrompt) {
  const test::TinyModel model;
  const SamplePrompts prompts{
      {"first", "second"}, {{1, 2, 3}, {7}}, [](std::int32_t id) { return std::to_string(id); }};
  const Json predictions = predict_next_tokens(model, prompts, 3);
  ASSERT_EQ(predictions.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    model::PackedBatch alone;
    alone.append(prompts.tokens[i]);
    const std::vector<std::int64_t> last = {alone.size() - 1};
    const auto log_p_1V = conceptune::test::double_log_softmax(model.logits(alone, last));
    std::vector<std::int64_t> order(test::TinyModel::kVocabulary);
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(),
              [&](auto a, auto b) { return log_p_1V.values()[a] > log_p_1V.values()[b]; });
    EXPECT_EQ(predictions[i]["prompt"], prompts.texts[i]);
    ASSERT_EQ(predictions[i]["tokens"].size(), 3u);
    for (std::size_t k = 0; k < 3; ++k) {
      const Json& token = predictions[i]["tokens"][k];
      EXPECT_EQ(token["id"], order[k]);
      EXPECT_EQ(token["token"], std::to_string(order[k]));
      EXPECT_NEAR(token["probability"].get<double>(), std::exp(log_p_1V.values()[order[k]]), 1e-6);
    }
  }
  EXPECT_EQ(predict_next_tokens(model, prompts, 1000)[0]["tokens"].size(),
            static_cast<std::size_t>(test::TinyModel::kVocabulary));
}

TEST(SamplePredictions, PromptsAreTokenized) {
  const conceptune::test::TemporaryFolder folder;
  conceptune::test::write_tiny_model(folder.path());
  const auto tokenizer = tokenizer::Tokenizer::load(folder.path());
  const SamplePrompts prompts = prepare_prompts(tokenizer, {" the dog", " the cat ran"});
  EXPECT_EQ(prompts.tokens[0].size(), 2u);
  EXPECT_EQ(prompts.tokens[1].size(), 3u);
  EXPECT_EQ(prompts.token_text(prompts.tokens[0][1]), " dog");
  EXPECT_THROW(prepare_prompts(tokenizer, {""}), InputError);
}

}  // namespace
}  // namespace conceptune::training
