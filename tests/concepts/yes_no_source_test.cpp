#include "conceptune/concepts/yes_no_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/concepts/model_answers.h"
#include "conceptune/runtime/model/decoder.h"
#include "tests/concepts/two_words_test.h"
#include "tests/support/doubles.h"
#include "tests/support/inputs.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_model.h"

namespace conceptune::concepts {
namespace {

using words::PartOfSpeech;

class YesNoSourceTest : public TwoWordsTest {
 protected:
  YesNoSourceTest() {
    options_.words = 4;
    options_.least_log_odds = -1000;
  }

  Outcomes fill(Draft& draft, int max_synonyms = 10) const {
    PoolFinder pools(wordnet_, {}, options_.pool, options_.words, model_.tokenizer());
    return YesNoSource(model_, std::move(pools), options_, max_synonyms).fill({&draft, 1}, {});
  }

  /// The whole prompt run by itself.
  double log_odds(const std::string& target, const std::string& candidate) const {
    const auto& tokenizer = *model_.tokenizer();
    const std::string prompt = yes_no_template_of(options_).fill(target, draft_.record.text, candidate);
    model::PackedBatch batch;
    batch.append(chat_prompt(tokenizer, prompt).ids);
    const model::Matrix states = model_.decoder().forward(batch);
    const auto log_p =
        test::double_log_softmax(model_.decoder().project(model::rows_of(states, states.rows() - 1, 1)));
    return log_p.row(0)[tokenizer.encode_ids("Yes").at(0)] - log_p.row(0)[tokenizer.encode_ids("No").at(0)];
  }

  YesNoOptions options_;
};

TEST_F(YesNoSourceTest, ScoresByWhatTheWholePromptSays) {
  EXPECT_EQ(fill(draft_), (Outcomes{.asked = 2, .answered = 2}));
  for (const auto& word : draft_.record.words) {
    ASSERT_EQ(word.synonyms.size(), 4U);
    for (std::size_t i = 0; i < 4; ++i) {
      const Synonym& synonym = word.synonyms[i];
      EXPECT_NEAR(synonym.score, log_odds(word.word, synonym.text), 1e-3) << synonym.text;
      EXPECT_EQ(synonym.ids, model_.tokenizer()->encode_ids(" " + synonym.text));
      if (i > 0) {
        EXPECT_GE(word.synonyms[i - 1].score, synonym.score);
      }
    }
  }
}

TEST_F(YesNoSourceTest, KeepsTheBestFromTheThresholdOn) {
  fill(draft_);
  const auto all = draft_.record.words[0].synonyms;
  draft_.record.words[0].synonyms.clear();
  draft_.record.words[1].synonyms.clear();
  Draft two = draft_;
  fill(two, 2);
  ASSERT_EQ(two.record.words[0].synonyms.size(), 2U);
  EXPECT_EQ(two.record.words[0].synonyms[1].text, all[1].text);
  options_.least_log_odds = (all[0].score + all[1].score) / 2;
  Draft one = draft_;
  fill(one);
  ASSERT_EQ(one.record.words[0].synonyms.size(), 1U);
  EXPECT_EQ(one.record.words[0].synonyms[0].text, all[0].text);
  options_.least_log_odds = 1000;
  EXPECT_EQ(fill(draft_), (Outcomes{.asked = 2, .empty = 2}));
}

TEST_F(YesNoSourceTest, AnswersDoNotDependOnTheOtherWords) {
  Draft alone = draft_;
  alone.record.words.erase(alone.record.words.begin());
  alone.tags.erase(alone.tags.begin());
  fill(draft_);
  fill(alone);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(alone.record.words[0].synonyms[i].text, draft_.record.words[1].synonyms[i].text);
    EXPECT_NEAR(alone.record.words[0].synonyms[i].score, draft_.record.words[1].synonyms[i].score, 1e-3);
  }
}

TEST_F(YesNoSourceTest, AsksByAQuestionOfOnesOwnWhateverItBeginsWith) {
  const test::TemporaryFolder folder;
  options_.template_file = folder.write("t", "{candidate} for {target} in {input_sequence}?");
  fill(draft_);
  for (const auto& synonym : draft_.record.words[0].synonyms)
    EXPECT_NEAR(synonym.score, log_odds("bought", synonym.text), 1e-3);
  options_.template_file = folder.write("list", "{decoded_tokens} for {target} in {input_sequence}?");
  EXPECT_THROW(fill(draft_), InputError);
}

TEST_F(YesNoSourceTest, RefusesWhatCannotBeAsked) {
  Draft unknown = draft_;
  unknown.record.words = {{4, "qwertz", PartOfSpeech::noun, {}}};
  unknown.tags = {"NN"};
  EXPECT_EQ(fill(unknown), (Outcomes{.asked = 1, .empty = 1}));
  Draft longest = draft_;
  for (std::int64_t i = 0; i < model_.config().context_length; ++i) longest.record.text += " word";
  EXPECT_EQ(fill(longest), (Outcomes{.asked = 2, .refused = 2}));
  EXPECT_EQ(longest.candidate_failures.at(1), "the question is longer than the model's context");
}

TEST_F(YesNoSourceTest, StopsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  PoolFinder pools(wordnet_, {}, options_.pool, options_.words, model_.tokenizer());
  EXPECT_THROW(YesNoSource(model_, std::move(pools), options_, 10).fill({&draft_, 1}, stop.get_token()),
               Interrupted);
}

std::string refusal(const std::shared_ptr<const tokenizer::Tokenizer>& tokenizer) {
  try {
    yes_no_tokenizer(tokenizer);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(YesNoTokenizer, WantsAChatTemplateAndATokenForEachAnswer) {
  const test::TemporaryFolder folder;
  test::write_tiny_model(folder.path());
  const auto tokenizer = tokenizer::Tokenizer::load(folder.path());
  EXPECT_THAT(refusal(tokenizer), ::testing::HasSubstr("no chat template"));
  EXPECT_THAT(refusal(tokenizer->with_chat_template("{{ messages[0].content }}")),
              ::testing::HasSubstr("'Yes' is 3 of its tokens, expected one"));
}

TEST(YesNoTokenizer, WantsAnAnswerWithoutAThought) {
  const auto path = test::input("SmolLM2-135M-Instruct.Q4_1.gguf");
  CONCEPTUNE_REQUIRE(path);
  const auto tokenizer = tokenizer::Tokenizer::load(path);
  EXPECT_EQ(refusal(tokenizer), "");
  EXPECT_THAT(refusal(tokenizer->with_chat_template(*tokenizer->chat_template() + "<think>\n")),
              ::testing::HasSubstr("thinks before it answers"));
}

}  // namespace
}  // namespace conceptune::concepts
