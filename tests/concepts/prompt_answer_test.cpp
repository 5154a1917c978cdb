#include "conceptune/concepts/prompt_answer.h"

#include <gtest/gtest.h>

namespace conceptune::concepts {
namespace {

const Candidates kCandidates = {
    {10, "Home", 0.4}, {11, "building", 0.3}, {12, "home", 0.2}, {13, "house", 0.1}};

ConceptWord house() { return {3, "house", words::PartOfSpeech::noun, {}}; }

TEST(PromptAnswer, ListsTheCandidatesInThePrompt) {
  EXPECT_NE(prompt_text(PromptTemplate(PromptOrder::paper), house(), "The house.", kCandidates)
                .find("Available tokens: Home, building, home, house\n"),
            std::string::npos);
}

TEST(PromptAnswer, TakesTheCandidatesThatItNamesInItsOrder) {
  ConceptWord word = house();
  Outcomes outcomes;
  take_answer({"[building, HOUSE, home, palace, Home]"}, kCandidates, 10, word, outcomes);
  EXPECT_EQ(word.synonyms, (std::vector<Synonym>{{{11}, "building", 1.0}, {{10}, "Home", 0.5}}));
  EXPECT_EQ(outcomes.answered, 1);
  word = house();
  take_answer({"[building, home]"}, kCandidates, 1, word, outcomes);
  EXPECT_EQ(word.synonyms.size(), 1U);
}

TEST(PromptAnswer, CountsEmptyAndInvalidAnswers) {
  ConceptWord word = house();
  Outcomes outcomes;
  take_answer({"[]"}, kCandidates, 10, word, outcomes);
  take_answer({"[palace, house]"}, kCandidates, 10, word, outcomes);
  EXPECT_TRUE(word.synonyms.empty());
  EXPECT_EQ(outcomes.empty, 1);
  EXPECT_EQ(outcomes.invalid, 1);
}

Outcomes outcomes_of(const ModelAnswer& answer, std::vector<std::string> expected) {
  ConceptWord word = house();
  Outcomes outcomes;
  take_answer(answer, kCandidates, 10, word, outcomes);
  std::vector<std::string> named;
  for (const auto& synonym : word.synonyms) named.push_back(synonym.text);
  EXPECT_EQ(named, expected) << answer.text;
  return outcomes;
}

const std::map<std::string, std::int64_t> kEndlessThought = {
    {"the model's thought does not end within max_new_tokens", 1}};
const std::map<std::string, std::int64_t> kCutOff = {
    {"the answer was cut off at max_new_tokens before its first word", 1}};

TEST(PromptAnswer, IsWhatFollowsTheThought) {
  EXPECT_EQ(outcomes_of({"<think>\nPerhaps [home]?\n</think>\n\n[building]"}, {"building"}).answered, 1);
  EXPECT_EQ(outcomes_of({"Perhaps [home]?</think>[building]", false, true}, {"building"}).answered, 1);
  EXPECT_EQ(outcomes_of({"<think>\n\n</think>\n\n[]"}, {}).empty, 1);
}

TEST(PromptAnswer, IsInvalidWhereTheThoughtDoesNotEnd) {
  for (const ModelAnswer& answer : {ModelAnswer{"<think>\nThe list is [home, building]. Let me", true},
                                    ModelAnswer{"The list is [home, building]. Let me", true, true},
                                    ModelAnswer{"<think>[home, building]", false}}) {
    const Outcomes outcomes = outcomes_of(answer, {});
    EXPECT_EQ(outcomes.invalid, 1);
    EXPECT_EQ(outcomes.failures, kEndlessThought);
  }
}

TEST(PromptAnswer, ThatWasCutOffGivesItsWholeWords) {
  EXPECT_EQ(outcomes_of({"[building, Home, home", true}, {"building", "Home"}).answered, 1);
  EXPECT_EQ(outcomes_of({"[building, home] are the words that", true}, {"building", "Home"}).answered, 1);
  EXPECT_EQ(outcomes_of({"[building, home", false}, {"building", "Home"}).answered, 1)
      << "ended by the model";
  EXPECT_EQ(outcomes_of({"[palace, home", true}, {}).invalid, 1);
  EXPECT_EQ(outcomes_of({"[] since none of", true}, {}).empty, 1);
  for (const char* text : {"[home", "home, building", "", "[", "The words home, building and"}) {
    const Outcomes outcomes = outcomes_of({text, true}, {});
    EXPECT_EQ(outcomes.invalid, 1) << text;
    EXPECT_EQ(outcomes.failures, kCutOff) << text;
  }
}

}  // namespace
}  // namespace conceptune::concepts
