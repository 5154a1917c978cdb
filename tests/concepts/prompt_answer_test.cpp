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
  take_answer("[building, HOUSE, home, palace, Home]", kCandidates, 10, word, outcomes);
  EXPECT_EQ(word.synonyms, (std::vector<Synonym>{{{11}, "building", 1.0}, {{10}, "Home", 0.5}}));
  EXPECT_EQ(outcomes.answered, 1);
  word = house();
  take_answer("[building, home]", kCandidates, 1, word, outcomes);
  EXPECT_EQ(word.synonyms.size(), 1U);
}

TEST(PromptAnswer, CountsEmptyAndInvalidAnswers) {
  ConceptWord word = house();
  Outcomes outcomes;
  take_answer("[]", kCandidates, 10, word, outcomes);
  take_answer("[palace, house]", kCandidates, 10, word, outcomes);
  EXPECT_TRUE(word.synonyms.empty());
  EXPECT_EQ(outcomes.empty, 1);
  EXPECT_EQ(outcomes.invalid, 1);
}

}  // namespace
}  // namespace conceptune::concepts
