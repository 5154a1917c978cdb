#include "conceptune/training/run/sample_predictions.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
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
    const at::NoGradGuard no_autograd;
    const at::Tensor p_V =
        at::softmax(at::mv(model.head().held(), model.forward(alone, std::nullopt)[-1]), 0);
    const auto order = p_V.argsort(0, true);
    EXPECT_EQ(predictions[i]["prompt"], prompts.texts[i]);
    ASSERT_EQ(predictions[i]["tokens"].size(), 3u);
    for (std::int64_t k = 0; k < 3; ++k) {
      const Json& token = predictions[i]["tokens"][static_cast<std::size_t>(k)];
      EXPECT_EQ(token["id"], order[k].item<std::int64_t>());
      EXPECT_EQ(token["token"], std::to_string(order[k].item<std::int64_t>()));
      EXPECT_NEAR(token["probability"].get<double>(), p_V[order[k]].item<double>(), 1e-6);
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
