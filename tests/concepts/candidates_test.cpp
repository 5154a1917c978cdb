#include "conceptune/concepts/candidates.h"

#include <gtest/gtest.h>

#include <cmath>

#include "conceptune/base/error.h"
#include "conceptune/runtime/model/decoder.h"
#include "tests/support/doubles.h"
#include "tests/support/inputs.h"

namespace conceptune::concepts {
namespace {

using words::PartOfSpeech;

class CandidatesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto path = test::input("SmolLM2-135M-Instruct.Q4_1.gguf");
    CONCEPTUNE_REQUIRE(path);
    model_ = generation::LanguageModel(path);
    tokenizer_ = model_.tokenizer();
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
  /// The candidates of each record's words.
  std::vector<std::vector<Candidates>> find(const std::vector<ConceptRecord>& records, int count) const {
    std::vector<Draft> drafts;
    for (const auto& record : records) drafts.push_back({record, {}});
    CandidateFinder(model_, {.count = count, .server = {}}).find(drafts, {});
    std::vector<std::vector<Candidates>> found;
    for (auto& draft : drafts) found.push_back(std::move(draft.candidates));
    return found;
  }

  generation::LanguageModel model_{""};
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
  const auto found = find({record}, 50);
  // Done by hand: the logits of the prefix alone, for each word.
  for (std::size_t w = 0; w < 2; ++w) {
    model::PackedBatch prefix;
    prefix.append(std::span(record.ids).first(record.words[w].position));
    const model::Matrix hidden = model_.decoder().forward(prefix);
    const auto log_p =
        test::double_log_softmax(model_.decoder().project(model::rows_of(hidden, hidden.rows() - 1, 1)));
    ASSERT_FALSE(found[0][w].empty());
    double last = 1;
    for (const auto& candidate : found[0][w]) {
      EXPECT_NEAR(candidate.probability, std::exp(log_p.values()[candidate.id]), 1e-5);
      EXPECT_LE(candidate.probability, last);
      EXPECT_NE(candidate.text, record.words[w].word);
      last = candidate.probability;
    }
  }
}

TEST_F(CandidatesTest, DoNotDependOnTheRecordsBeside) {
  const std::vector<ConceptRecord> records = {record_of("A large fire burned the house.", {"fire", "house"}),
                                              record_of("She bought a red car.", {"car"})};
  const auto together = find(records, 20);
  const auto alone = find({records[1]}, 20);
  ASSERT_EQ(together[1][0].size(), alone[0][0].size());
  for (std::size_t i = 0; i < alone[0][0].size(); ++i) EXPECT_EQ(together[1][0][i].id, alone[0][0][i].id);
  EXPECT_EQ(together[0].size(), 2U);
}

TEST_F(CandidatesTest, AWordThatNothingPrecedesHasNone) {
  const auto record = record_of(" fire burned the fire", {"fire"});
  ASSERT_EQ(record.words.size(), 2U);
  const auto found = find({record}, 20);
  EXPECT_TRUE(found[0][0].empty());
  EXPECT_FALSE(found[0][1].empty());
}

TEST_F(CandidatesTest, ARecordThatTheModelCannotHoldHasNoneAndDisturbsNoOther) {
  const auto record = record_of("We saw the fire in the house.", {"fire"});
  ConceptRecord longer = record;
  longer.ids.assign(static_cast<std::size_t>(model_.decoder().config().context_length) + 1, 5);
  std::vector<Draft> drafts = {{longer, {}}, {record, {}}};
  CandidateFinder(model_, {.count = 20, .server = {}}).find(drafts, {});
  EXPECT_EQ(drafts[0].candidate_failures.at(0), "the passage is longer than the model's context");
  EXPECT_TRUE(drafts[1].candidate_failures.empty());
  const auto found = find({longer, record}, 20), alone = find({record}, 20);
  EXPECT_TRUE(found[0][0].empty());
  ASSERT_FALSE(alone[0][0].empty());
  ASSERT_EQ(found[1][0].size(), alone[0][0].size());
  EXPECT_EQ(found[1][0][0].id, alone[0][0][0].id);
}

}  // namespace
}  // namespace conceptune::concepts
