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
