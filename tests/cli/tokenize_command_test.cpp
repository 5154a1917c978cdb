// conceptune tokenize, as a user runs it.
#include <gtest/gtest.h>

#include "tests/support/inputs.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::test {
namespace {

class TokenizeCommand : public ::testing::Test {
 protected:
  void SetUp() override { CONCEPTUNE_REQUIRE(input("SmolLM2-135M-Instruct.Q4_1.gguf")); }

  static std::string model() { return input("SmolLM2-135M-Instruct.Q4_1.gguf").string(); }
};

TEST_F(TokenizeCommand, PrintsIdsAndOffsetsOfLinesOfStandardInput) {
  const auto result = run_program({"tokenize", "--model", model()}, "Hello world\n\né!\n");
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_EQ(result.output, "19556:0-5 905:5-11\n\n2756:0-1 17:1-2\n");
}

TEST_F(TokenizeCommand, PrintsJsonOfTextsInJsonLines) {
  const TemporaryFolder folder;
  const auto file =
      folder.write("texts.jsonl", "{\"text\": \"Hello\\nworld\"}\n{\"id\": 1, \"text\": \"\"}\n");
  const auto result = run_program({"tokenize", "--model", model(), file.string(), "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_EQ(result.output,
            "{\"ids\":[19556,198,6693],\"offsets\":[[0,5],[5,6],[6,11]]}\n{\"ids\":[],\"offsets\":[]}\n");
}

TEST_F(TokenizeCommand, ReadsSpecialTokensWhenAsked) {
  const auto result = run_program({"tokenize", "--model", model(), "--special"}, "<|im_end|>\n");
  EXPECT_EQ(result.output, "2:0-10\n");
}

TEST_F(TokenizeCommand, NamesTheLineThatIsNoText) {
  const TemporaryFolder folder;
  const auto file = folder.write("texts.jsonl", "{\"text\": \"a\"}\n{\"words\": \"b\"}\n");
  const auto result = run_program({"tokenize", "--model", model(), file.string()});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.errors.find("texts.jsonl, line 2: expected a JSON object with a string 'text'"),
            std::string::npos)
      << result.errors;
}

TEST_F(TokenizeCommand, TakesAByteOrderMarkForNoText) {
  EXPECT_EQ(run_program({"tokenize", "--model", model()}, "\xef\xbb\xbfHello world\n").output,
            "19556:0-5 905:5-11\n");
  const TemporaryFolder folder;
  const auto file = folder.write("texts.jsonl", "\xef\xbb\xbf{\"text\": \"Hello world\"}\n");
  EXPECT_EQ(run_program({"tokenize", "--model", model(), file.string()}).output, "19556:0-5 905:5-11\n");
}

TEST_F(TokenizeCommand, NamesTheLineOfStandardInputThatIsNotUtf8) {
  const auto result = run_program({"tokenize", "--model", model()}, "a\nb\xff\n");
  EXPECT_NE(result.errors.find("tokenizing: standard input, line 2: invalid UTF-8 at byte 1"),
            std::string::npos)
      << result.errors;
}

TEST_F(TokenizeCommand, EndsWithTwoOnTextThatIsNotUtf8OrAMissingModel) {
  EXPECT_EQ(run_program({"tokenize", "--model", model()}, "a\xff\n").exit_code, 2);
  EXPECT_EQ(run_program({"tokenize", "--model", "/no/such/model.gguf"}, "a\n").exit_code, 2);
}

}  // namespace
}  // namespace conceptune::test
