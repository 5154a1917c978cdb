#include "conceptune/concepts/prompt_template.h"

#include <gtest/gtest.h>

#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "tests/support/inputs.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::concepts {
namespace {

using Words = std::vector<std::string>;

TEST(PromptTemplate, FillsItsPlacesOnce) {
  const test::TemporaryFolder folder;
  const PromptTemplate prompt(
      folder.write("t", "{target}|{input_sequence}|{decoded_tokens}|{target}|{other}\n"));
  EXPECT_EQ(prompt.fill("a", "see {target}", "b, c"), "a|see {target}|b, c|a|{other}");
}

TEST(PromptTemplate, TheBuiltInOnesAreTheShippedFiles) {
  EXPECT_EQ(PromptTemplate(PromptOrder::paper).text(),
            PromptTemplate(test::source("configs/prompts/paper.txt")).text());
  EXPECT_EQ(PromptTemplate(PromptOrder::passage_first).text(),
            PromptTemplate(test::source("configs/prompts/passage-first.txt")).text());
  EXPECT_TRUE(
      PromptTemplate(PromptOrder::paper)
          .fill("browse", "this website is safe to browse", "search, visit")
          .starts_with("Find contextual synonyms for the word browse in this text: this website is safe to "
                       "browse\n\nAvailable tokens: search, visit\n"));
  EXPECT_TRUE(PromptTemplate(PromptOrder::passage_first).text().starts_with("Text: {input_sequence}"));
}

TEST(PromptTemplate, OfAYesNoQuestionNamesOneCandidate) {
  const test::TemporaryFolder folder;
  const auto file = folder.write("q", "{target}, {candidate}, {decoded_tokens}: {input_sequence}");
  EXPECT_EQ(PromptTemplate(file, PromptTask::yes_no).fill("a", "see", "b"), "a, b, {decoded_tokens}: see");
  EXPECT_THROW(PromptTemplate(folder.write("r", "{target} {input_sequence}"), PromptTask::yes_no),
               InputError);
  EXPECT_EQ(PromptTemplate::yes_no().text(),
            PromptTemplate(test::source("configs/prompts/yes-no.txt"), PromptTask::yes_no).text());
}

TEST(PromptTemplate, RefusesFilesWithoutAllPlaces) {
  const test::TemporaryFolder folder;
  EXPECT_THROW(PromptTemplate(folder.write("a", "{target} {input_sequence}")), InputError);
  EXPECT_THROW(PromptTemplate(folder.write("b", "{target} {input_sequence} {decoded_tokens} \xff")),
               InputError);
  EXPECT_THROW(PromptTemplate(folder.path() / "absent"), InputError);
}

TEST(ParseAnswer, ReadsListsAsModelsWriteThem) {
  EXPECT_EQ(parse_answer("[search, visit, surf]"), (Words{"search", "visit", "surf"}));
  EXPECT_EQ(parse_answer("Here they are: [\"search\", 'Visit', search]. I hope"), (Words{"search", "Visit"}));
  EXPECT_EQ(parse_answer("[search, visit, sur"), (Words{"search", "visit", "sur"}));
  EXPECT_EQ(parse_answer("1. search\n2) visit\n- surf\n* `view`\n"),
            (Words{"search", "visit", "surf", "view"}));
  EXPECT_EQ(parse_answer("search; visit."), (Words{"search", "visit"}));
  EXPECT_EQ(parse_answer("[hot dog, well-known]"), (Words{"hot dog", "well-known"}));
  EXPECT_TRUE(parse_answer("[]").empty());
  EXPECT_TRUE(parse_answer("").empty());
  EXPECT_TRUE(parse_answer("[ , ,\n,]").empty());
  EXPECT_TRUE(parse_answer("[").empty());
}

TEST(ParseAnswer, LeavesOutWhatMayGoOnWhereTheAnswerWasCutOff) {
  EXPECT_EQ(parse_answer("[search, visit, sur", true), (Words{"search", "visit"}));
  EXPECT_EQ(parse_answer("[search, visit,", true), (Words{"search", "visit"}));
  EXPECT_EQ(parse_answer("[search, visit]. I ho", true), (Words{"search", "visit"}));
  EXPECT_TRUE(parse_answer("[sear", true).empty());
  EXPECT_TRUE(parse_answer("search, visit", true).empty());
}

TEST(IsCompleteAnswer, WhenItsBracketsAreClosed) {
  EXPECT_TRUE(is_complete_answer("[search, visit]"));
  EXPECT_TRUE(is_complete_answer("Synonyms: [] and"));
  EXPECT_FALSE(is_complete_answer("[search, vis"));
  EXPECT_FALSE(is_complete_answer("search] visit"));
  EXPECT_FALSE(is_complete_answer(""));
}

}  // namespace
}  // namespace conceptune::concepts
