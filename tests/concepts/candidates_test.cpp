#include "conceptune/concepts/candidates.h"

#include "conceptune/torch_pch.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/runtime/model/decoder.h"
#include "tests/support/inputs.h"

namespace conceptune::concepts {
namespace {

using words::PartOfSpeech;

class CandidatesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto path = test::input("SmolLM2-135M-Instruct.Q4_1.gguf");
    CONCEPTUNE_REQUIRE(path);
    tokenizer_ = tokenizer::Tokenizer::load(path);
    decoder_ = std::make_shared<model::Decoder>(weights::WeightStore::open(path));
  }

  ConceptRecord record_of(const std::string& text, const std::vector<std::string>& words) const {
    ConceptRecord record{"id", text, tokenizer_->encode_ids(text), {}};
    for (std::uint32_t i = 0; i < record.ids.size(); ++i)
      for (const auto& word : words)
        if (tokenizer_->token_bytes(record.ids[i]) == " " + word)
          record.words.push_back({i, word, PartOfSpeech::noun, {}});
    return record;
  }

  std::shared_ptr<const tokenizer::Tokenizer> tokenizer_;
  std::shared_ptr<const model::Decoder> decoder_;
};

TEST_F(CandidatesTest, AreSpacesAndLetters) {
  const auto word_of = [&](std::string_view text) {
    const auto ids = tokenizer_->encode_ids(text);
    EXPECT_EQ(ids.size(), 1U) << text;
    return word_of_token(*tokenizer_, ids[0]);
  };
  EXPECT_EQ(word_of(" dog"), "dog");
  EXPECT_EQ(word_of("dog"), "");
  EXPECT_EQ(word_of(" ("), "");
  EXPECT_EQ(word_of("\n"), "");
  EXPECT_EQ(word_of_token(*tokenizer_, *tokenizer_->end_token()), "");
}

TEST_F(CandidatesTest, ComeFromTheRowBeforeTheWord) {
  const auto record = record_of("The capital of France is Paris today.", {"Paris", "capital"});
  ASSERT_EQ(record.words.size(), 2U);
  const CandidateFinder finder(decoder_, tokenizer_, {.count = 50, .server = {}});
  const auto found = finder.find({&record, 1});
  // Done by hand: the logits of the prefix alone, for each word.
  const at::NoGradGuard no_grad;
  for (std::size_t w = 0; w < 2; ++w) {
    model::PackedBatch prefix;
    prefix.append(std::span(record.ids).first(record.words[w].position));
    const at::Tensor hidden = decoder_->forward(prefix);
    const at::Tensor probabilities = decoder_->project(hidden.slice(0, hidden.size(0) - 1)).softmax(-1)[0];
    ASSERT_FALSE(found[0][w].empty());
    double last = 1;
    for (const auto& candidate : found[0][w]) {
      EXPECT_NEAR(candidate.probability, probabilities[candidate.id].item<double>(), 1e-5);
      EXPECT_LE(candidate.probability, last);
      EXPECT_NE(candidate.text, record.words[w].word);
      last = candidate.probability;
    }
  }
}

TEST_F(CandidatesTest, DoNotDependOnTheRecordsBeside) {
  const std::vector<ConceptRecord> records = {record_of("A large fire burned the house.", {"fire", "house"}),
                                              record_of("She bought a red car.", {"car"})};
  const CandidateFinder finder(decoder_, tokenizer_, {.count = 20, .server = {}});
  const auto together = finder.find(records);
  const auto alone = finder.find({&records[1], 1});
  ASSERT_EQ(together[1][0].size(), alone[0][0].size());
  for (std::size_t i = 0; i < alone[0][0].size(); ++i) EXPECT_EQ(together[1][0][i].id, alone[0][0][i].id);
  EXPECT_EQ(together[0].size(), 2U);
}

TEST_F(CandidatesTest, AWordThatNothingPrecedesHasNone) {
  const auto record = record_of(" fire burned the fire", {"fire"});
  ASSERT_EQ(record.words.size(), 2U);
  const auto found = CandidateFinder(decoder_, tokenizer_, {.count = 20, .server = {}}).find({&record, 1});
  EXPECT_TRUE(found[0][0].empty());
  EXPECT_FALSE(found[0][1].empty());
}

TEST_F(CandidatesTest, ARecordThatTheModelCannotHoldHasNoneAndDisturbsNoOther) {
  const auto record = record_of("We saw the fire in the house.", {"fire"});
  ConceptRecord longer = record;
  longer.ids.assign(static_cast<std::size_t>(decoder_->config().context_length) + 1, 5);
  const CandidateFinder finder(decoder_, tokenizer_, {.count = 20, .server = {}});
  EXPECT_FALSE(finder.fits(longer));
  EXPECT_TRUE(finder.fits(record));
  const ConceptRecord records[] = {longer, record};
  const auto found = finder.find(records), alone = finder.find({&record, 1});
  EXPECT_TRUE(found[0][0].empty());
  ASSERT_FALSE(alone[0][0].empty());
  ASSERT_EQ(found[1][0].size(), alone[0][0].size());
  EXPECT_EQ(found[1][0][0].id, alone[0][0][0].id);
}

}  // namespace
}  // namespace conceptune::concepts
