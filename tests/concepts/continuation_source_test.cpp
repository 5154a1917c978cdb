#include "conceptune/concepts/continuation_source.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "tests/concepts/run_alone.h"
#include "tests/concepts/two_words_test.h"
#include "tests/support/inputs.h"

namespace conceptune::concepts {
namespace {

using words::PartOfSpeech;

class ContinuationSourceTest : public TwoWordsTest {
 protected:
  ContinuationSourceTest() { options_.words = 12; }

  Outcomes fill(Draft& draft, int max_synonyms = 10) const {
    return ContinuationSource(model_, wordnet_, {}, options_, max_synonyms).fill({&draft, 1}, {});
  }

  ContinuationOptions options_;
};

TEST_F(ContinuationSourceTest, JudgesByWhatPrecedesAndFollows) {
  options_.order = SubstituteOrder::continuation;
  options_.following = 3;
  options_.shortlist = 0;
  const auto judged = ContinuationSource(model_, wordnet_, {}, options_, 10).judge({&draft_, 1}, {}).front();
  ASSERT_EQ(judged.size(), 2U);
  ASSERT_TRUE(judged[0] && judged[1]);
  EXPECT_EQ(judged[0]->size(), 12U);
  const auto& first = judged[0]->front();
  EXPECT_EQ(first.word.text, "purchased");
  const auto& ids = draft_.record.ids;
  const std::vector<std::int32_t> rest(ids.begin() + 2, ids.begin() + 5);
  const auto own = test::run_alone(model_.decoder(), ids, {1, {ids[1]}, rest});
  const auto other = test::run_alone(model_.decoder(), ids, {1, first.word.ids, rest});
  EXPECT_NEAR(first.facts.word, other.score.word - own.score.word, 1e-3);
  ASSERT_EQ(first.facts.following.size(), 3U);
  for (std::size_t n = 0; n < 3; ++n)
    EXPECT_NEAR(first.facts.following[n], other.score.following[n] - own.score.following[n], 1e-3);
  EXPECT_NEAR(first.facts.likeness, cosine(other.state.row(0), own.state.row(0), own.state.width()), 1e-4);
}

TEST_F(ContinuationSourceTest, JudgesTheShortlistAlone) {
  options_.shortlist = 4;
  const ContinuationSource source(model_, wordnet_, {}, options_, 10);
  const auto judged = source.judge({&draft_, 1}, {}).front();
  EXPECT_EQ(judged[0]->size(), 4U);
  EXPECT_EQ(judged[1]->size(), 4U);
}

TEST_F(ContinuationSourceTest, KeepsTheBestInOrder) {
  options_.least_probability = 0;
  EXPECT_EQ(fill(draft_, 5), (Outcomes{.asked = 2, .answered = 2}));
  for (const auto& word : draft_.record.words) {
    ASSERT_EQ(word.synonyms.size(), 5U);
    for (std::size_t i = 1; i < 5; ++i) EXPECT_GE(word.synonyms[i - 1].score, word.synonyms[i].score);
    EXPECT_LE(word.synonyms.front().score, 1);
    EXPECT_GE(word.synonyms.back().score, 0);
  }
  options_.least_probability = 1;
  Draft refused = draft_;
  EXPECT_EQ(fill(refused), (Outcomes{.asked = 2, .empty = 2}));
  EXPECT_TRUE(refused.record.words[0].synonyms.empty());
}

TEST_F(ContinuationSourceTest, ChoosesInTheTextByDefault) {
  options_ = {};
  EXPECT_EQ(fill(draft_), (Outcomes{.asked = 2, .answered = 2}));
  EXPECT_EQ(draft_.record.words[0].synonyms[0].text, "purchased");
  EXPECT_EQ(draft_.record.words[1].synonyms[0].text, "automobile");
}

TEST_F(ContinuationSourceTest, DoesNotDependOnTheOtherWords) {
  options_.least_probability = 0;
  Draft alone = draft_;
  alone.record.words.erase(alone.record.words.begin());
  alone.tags.erase(alone.tags.begin());
  fill(draft_, 3);
  fill(alone, 3);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(alone.record.words[0].synonyms[i].text, draft_.record.words[1].synonyms[i].text);
    EXPECT_NEAR(alone.record.words[0].synonyms[i].score, draft_.record.words[1].synonyms[i].score, 1e-3);
  }
}

TEST_F(ContinuationSourceTest, TakesCandidatesWhereAsked) {
  options_.pool = SubstitutePool::candidates;
  options_.order = SubstituteOrder::likeness;
  const auto candidate = [&](const std::string& text) {
    return Candidate{model_.tokenizer()->encode_ids(" " + text).at(0), text, 0.1};
  };
  draft_.candidates = {{candidate("sold"), candidate("the")}, {candidate("truck"), candidate("cars")}};
  fill(draft_);
  ASSERT_EQ(draft_.record.words[0].synonyms.size(), 1U);
  EXPECT_EQ(draft_.record.words[0].synonyms[0].text, "sold");
  ASSERT_EQ(draft_.record.words[1].synonyms.size(), 1U);
  EXPECT_EQ(draft_.record.words[1].synonyms[0].text, "truck");
}

TEST_F(ContinuationSourceTest, RefusesWhatCannotBeJudged) {
  draft_.record.words[0].position = 0;  // nothing precedes it, and this model has no begin token
  EXPECT_EQ(fill(draft_).refused, 1);
  Draft unknown = draft_;
  unknown.record.words = {{4, "qwertz", PartOfSpeech::noun, {}}};
  unknown.tags = {"NN"};
  EXPECT_EQ(fill(unknown), (Outcomes{.asked = 1, .empty = 1}));
  Draft longest = draft_;
  longest.record.words = {{4, "car", PartOfSpeech::noun, {}}};
  longest.tags = {"NN"};
  longest.record.ids.resize(static_cast<std::size_t>(model_.config().context_length) + 1,
                            longest.record.ids[1]);
  EXPECT_EQ(fill(longest).refused, 1);
  EXPECT_EQ(longest.candidate_failures.at(0), "the passage is longer than the model's context");
}

TEST_F(ContinuationSourceTest, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(ContinuationSource(model_, wordnet_, {}, options_, 10).fill({&draft_, 1}, stop.get_token()),
               Interrupted);
}

}  // namespace
}  // namespace conceptune::concepts
