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

TEST_F(TokenizeCommand, ReadsPlainTextLineByLine) {
  const TemporaryFolder folder;
  const auto file = folder.write("notes.txt", "Hello world\r\n\né!");
  const auto result = run_program({"tokenize", "--model", model(), file.string()});
  EXPECT_EQ(result.output, "19556:0-5 905:5-11\n\n2756:0-1 17:1-2\n") << result.errors;
  const auto bad =
      run_program({"tokenize", "--model", model(), folder.write("bad.txt", "a\nb\xff").string()});
  EXPECT_NE(bad.errors.find("bad.txt, line 2: invalid UTF-8 at byte 1"), std::string::npos) << bad.errors;
}

TEST_F(TokenizeCommand, ReadsTablesAndArrays) {
  const TemporaryFolder folder;
  const std::string hello = "19556:0-5 905:5-11\n";
  const auto table = folder.write("t.csv", "id,text\n1,Hello world\n");
  EXPECT_EQ(run_program({"tokenize", "--model", model(), table.string()}).output, hello);
  const auto array = folder.write("array", "[ {\"text\": \"Hello world\"}]");
  EXPECT_EQ(run_program({"tokenize", "--model", model(), array.string()}).output, hello);
}

TEST_F(TokenizeCommand, ReadsACorpusFolder) {
  const TemporaryFolder folder;
  const auto none = run_program({"tokenize", "--model", model(), folder.path().string()});
  EXPECT_NE(none.errors.find("is a folder, expected a file of texts or a corpus folder"), std::string::npos);
  folder.write("corpus.json", "{}");
  folder.write("train.jsonl", "{\"text\": \"Hello world\"}\n");
  folder.write("held-out.jsonl", "{\"text\": \"Hello\"}\n");
  const auto result = run_program({"tokenize", "--model", model(), folder.path().string()});
  EXPECT_EQ(result.output, "19556:0-5 905:5-11\n19556:0-5\n") << result.errors;
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
