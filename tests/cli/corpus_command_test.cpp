// conceptune corpus, as a user runs it.
#include <gtest/gtest.h>

#include "conceptune/base/json.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::test {
namespace {

TEST(CorpusCommand, WritesAFolderOfPassages) {
  const TemporaryFolder folder;
  std::string content;
  for (int i = 0; i < 30; ++i) content += std::string(60, static_cast<char>('a' + i % 26)) + "\n";
  const auto corpus = folder.write("corpus.txt", content);
  const auto output = folder.path() / "passages";
  const auto result = run_program(
      {"corpus", corpus.string(), "-o", output.string(), "--passages", "20", "--held-out", "5", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  const Json summary = parse_json(result.output, "test", "output");
  EXPECT_EQ(summary["read"], 30);
  EXPECT_EQ(summary["train"], 20);
  EXPECT_EQ(summary["held out"], 5);
  EXPECT_TRUE(std::filesystem::exists(output / "train.jsonl"));
  EXPECT_TRUE(std::filesystem::exists(output / "corpus.json"));
}

TEST(CorpusCommand, ReadsATableByItsColumn) {
  const TemporaryFolder folder;
  std::string content = "id,body\r\n";
  for (int i = 0; i < 9; ++i)
    content += std::to_string(i) + ",\"" + std::string(60, static_cast<char>('a' + i)) + ",\nend\"\r\n";
  const auto corpus = folder.write("corpus.csv", content);
  const auto output = folder.path() / "passages";
  const auto result = run_program({"corpus", corpus.string(), "-o", output.string(), "--text-key", "body",
                                   "--passages", "9", "--held-out", "0", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_EQ(parse_json(result.output, "test", "output")["train"], 9);
  EXPECT_EQ(result.errors.find("taken for"), std::string::npos) << result.errors;
}

TEST(CorpusCommand, SaysWhatItGuessed) {
  const TemporaryFolder folder;
  const auto corpus = folder.write("corpus.txt", std::string(60, 'a') + "\n" + std::string(60, 'b') + "\n");
  const auto output = folder.path() / "passages";
  const auto result =
      run_program({"corpus", corpus.string(), "-o", output.string(), "--passages", "2", "--held-out", "0"});
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_NE(result.errors.find("corpus.txt is taken for plain text, a document a line"), std::string::npos)
      << result.errors;
}

TEST(CorpusCommand, EndsWithTwoOnBadInputAndLeavesNothing) {
  const TemporaryFolder folder;
  const auto corpus = folder.write("corpus.txt", "too short\n");
  const auto output = folder.path() / "passages";
  const auto result = run_program({"corpus", corpus.string(), "-o", output.string()});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.errors.find("no document with more than 50"), std::string::npos) << result.errors;
  EXPECT_FALSE(std::filesystem::exists(output));
  EXPECT_EQ(run_program({"corpus", corpus.string(), "-o", output.string(), "--format", "pdf"}).exit_code, 2);
}

}  // namespace
}  // namespace conceptune::test
