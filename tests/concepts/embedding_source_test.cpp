#include "conceptune/concepts/embedding_source.h"

#include <gtest/gtest.h>

#include "conceptune/concepts/candidates.h"
#include "tests/support/inputs.h"

namespace conceptune::concepts {
namespace {

using words::PartOfSpeech;

class EmbeddingSourceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto model = test::input("SmolLM2-135M-Instruct.Q4_1.gguf");
    const auto pipeline = test::input("en_core_web_sm");
    CONCEPTUNE_REQUIRE(model);
    CONCEPTUNE_REQUIRE(pipeline);
    model_ = generation::LanguageModel(model);
    tokenizer_ = model_.tokenizer();
    pipeline_ = words::EnglishPipeline::load(pipeline);
  }

  Candidate candidate(const std::string& text) const {
    return {tokenizer_->encode_ids(" " + text).at(0), text, 0.1};
  }

  std::shared_ptr<const tokenizer::Tokenizer> tokenizer_;
  generation::LanguageModel model_{""};
  std::shared_ptr<const words::EnglishPipeline> pipeline_;
};

TEST_F(EmbeddingSourceTest, RanksWhatFitsByCosine) {
  const std::string text = "She bought a red car yesterday.";
  Draft draft;
  draft.record = {"p", text, tokenizer_->encode_ids(text), {{4, "car", PartOfSpeech::noun, {}}}};
  ASSERT_EQ(tokenizer_->token_bytes(draft.record.ids[4]), " car");
  draft.candidates = {{candidate("car"), candidate("quickly"), candidate("truck"), candidate("idea")}};
  EmbeddingOptions options{.least_similarity = -1};
  const EmbeddingSource source(model_, pipeline_, options, 10);
  EXPECT_EQ(source.fill({&draft, 1}, {}), (Outcomes{1, 1, 0, 0, 0}));
  const auto& synonyms = draft.record.words[0].synonyms;
  ASSERT_EQ(synonyms.size(), 2U);  // neither the word nor the adverb
  EXPECT_EQ(synonyms[0].text, "truck");
  EXPECT_EQ(synonyms[1].text, "idea");
  EXPECT_GT(synonyms[0].score, synonyms[1].score);
  EXPECT_LE(synonyms[0].score, 1);
}

TEST_F(EmbeddingSourceTest, KeepsTheThreshold) {
  const std::string text = "She bought a red car yesterday.";
  Draft draft;
  draft.record = {"p", text, tokenizer_->encode_ids(text), {{4, "car", PartOfSpeech::noun, {}}}};
  draft.candidates = {{candidate("truck"), candidate("idea")}};
  const EmbeddingSource source(model_, pipeline_, {.least_similarity = 1}, 10);
  EXPECT_EQ(source.fill({&draft, 1}, {}), (Outcomes{1, 0, 1, 0, 0}));
  draft.candidates = {{}};
  EXPECT_EQ(source.fill({&draft, 1}, {}), (Outcomes{1, 0, 0, 0, 1}));
}

}  // namespace
}  // namespace conceptune::concepts
