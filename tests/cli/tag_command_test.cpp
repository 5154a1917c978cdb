// conceptune tag, as a user runs it.
#include <gtest/gtest.h>

#include "tests/support/inputs.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::test {
namespace {

class TagCommand : public ::testing::Test {
 protected:
  void SetUp() override { CONCEPTUNE_REQUIRE(input("en_core_web_sm")); }

  static std::string folder() { return input("en_core_web_sm").string(); }
};

TEST_F(TagCommand, PrintsWordsTagsAndPartsOfSpeechOfLinesOfStandardInput) {
  const auto result = run_program({"tag", "--english-pipeline", folder()}, "I do.\n\n She ran\n");
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_EQ(result.output, "I/PRP/PRON do/VBP/VERB ././PUNCT\n\nShe/PRP/PRON ran/VBD/VERB\n");
}

TEST_F(TagCommand, PrintsJsonOfTextsInJsonLines) {
  const TemporaryFolder files;
  const auto file = files.write("texts.jsonl", "{\"text\": \"I do.\"}\n{\"text\": \"\"}\n");
  const auto result = run_program({"tag", "--english-pipeline", folder(), file.string(), "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_EQ(result.output,
            R"({"tokens":[{"text":"I","idx":0,"tag":"PRP","pos":"PRON","dep":"nsubj","head":1},)"
            R"({"text":"do","idx":2,"tag":"VBP","pos":"VERB","dep":"ROOT","head":1},)"
            R"({"text":".","idx":4,"tag":".","pos":"PUNCT","dep":"punct","head":1}]})"
            "\n{\"tokens\":[]}\n");
}

TEST_F(TagCommand, LeavesTheParserOutWhenAsked) {
  const auto result =
      run_program({"tag", "--english-pipeline", folder(), "--no-parser", "--json"}, "I do.\n");
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_EQ(result.output.find("\"dep\""), std::string::npos);
  EXPECT_NE(result.output.find(R"("text":"do","idx":2,"tag":"VBP","pos":"AUX"})"), std::string::npos);
}

TEST_F(TagCommand, SaysWhereItLookedForThePipeline) {
  const TemporaryFolder empty;
  const auto result = run_program({"tag", "--english-pipeline", empty.path().string()}, "a\n");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.errors, "conceptune: finding the English pipeline: " + empty.path().string() +
                               ": no 'tokenizer' in it; expected the folder of spaCy's en_core_web_sm\n");
}

TEST_F(TagCommand, EndsWithTwoOnTextThatIsNotUtf8) {
  const auto result = run_program({"tag", "--english-pipeline", folder()}, "a\xff\n");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.errors, "conceptune: tagging text: standard input, line 1: invalid UTF-8 at byte 1\n");
}

}  // namespace
}  // namespace conceptune::test
