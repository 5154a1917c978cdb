// conceptune eval, as a user runs it.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "conceptune/base/json.h"
#include "tests/support/inputs.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_model.h"

namespace conceptune::test {
namespace {

std::vector<Json> lines_of(const std::string& output) {
  std::vector<Json> lines;
  for (std::size_t begin = 0; begin < output.size();) {
    const std::size_t end = output.find('\n', begin);
    lines.push_back(parse_json(output.substr(begin, end - begin), "test", "output"));
    begin = end + 1;
  }
  return lines;
}

TEST(EvalCommand, PrintsARecordForEveryMetricAndKeepsTheItems) {
  const auto model = input("SmolLM2-135M-Instruct.Q4_1.gguf");
  CONCEPTUNE_REQUIRE(model);
  const TemporaryFolder folder;
  std::vector<std::string> command = {"eval",
                                      "--model",
                                      model.string(),
                                      "--benchmark",
                                      input("wordsim353.tsv").string(),
                                      "--begin-token",
                                      "0",
                                      "--limit",
                                      "12",
                                      "--samples",
                                      "50",
                                      "-o",
                                      folder.path().string(),
                                      "--prompt",
                                      "The capital of France is",
                                      "--json"};
  const auto result = run_program(command);
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  const auto lines = lines_of(result.output);
  ASSERT_EQ(lines.size(), 4U);
  for (const char* key : {"subject", "benchmark", "metric", "value", "low", "high", "n", "convention"})
    EXPECT_TRUE(lines[0].contains(key)) << key;
  EXPECT_EQ(lines[0]["benchmark"], "wordsim353");
  EXPECT_EQ(lines[0]["metric"], "spearman");
  EXPECT_EQ(lines[0]["convention"], "custom");
  EXPECT_EQ(lines[0]["n"], 12);
  EXPECT_LE(lines[0]["low"], lines[0]["value"]);
  EXPECT_GE(lines[0]["high"], lines[0]["value"]);
  EXPECT_EQ(lines[3]["prompt"], "The capital of France is");
  EXPECT_EQ(lines[3]["continuations"][0]["subject"], "base");
  EXPECT_NE(lines[3]["continuations"][0]["text"], "");
  // The results file holds the same records.
  const Json file = read_json_file(folder.path() / "results.json", "test");
  EXPECT_EQ(file["measurements"], Json(std::vector<Json>(lines.begin(), lines.begin() + 3)));
  EXPECT_EQ(file["samples"], Json::array({lines[3]}));
  // Finished results are replaced when that is asked for; every item is found, and nothing embedded.
  const auto refused = run_program(command);
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.errors.find("--overwrite"), std::string::npos) << refused.errors;
  command.emplace_back("--overwrite");
  const auto again = run_program(command);
  EXPECT_EQ(again.output, result.output);
  EXPECT_EQ(again.errors.find("embedding"), std::string::npos) << again.errors;
}

TEST(EvalCommand, LeavesThePapersConventionToWhoeverChoosesNone) {
  const TemporaryFolder folder;
  const auto model = folder.path() / "model";
  std::filesystem::create_directory(model);
  write_tiny_model(model);
  const auto pairs = folder.write("pairs.tsv", "big\tsmall\t1\nbig\tlarge\t3\nsmall\tlarge\t2\n").string();
  const auto conventions = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words = {"eval", "-m", model.string(), "--benchmark", pairs, "--json"};
    words.insert(words.end(), more.begin(), more.end());
    const auto result = run_program(words);
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    std::set<std::string> names;
    for (const auto& line : lines_of(result.output)) names.insert(line["convention"].get<std::string>());
    return names;
  };
  using Names = std::set<std::string>;
  EXPECT_EQ(conventions({}), (Names{"in-text", "paper"}));
  EXPECT_EQ(conventions({"--pooling", "last"}), Names{"custom"});
  EXPECT_EQ(conventions({"--set", "convention.pooling=last"}), Names{"custom"});
  EXPECT_EQ(conventions({"--pooling", "last", "--set", "paper_convention=true"}), (Names{"custom", "paper"}));
}

TEST(EvalCommand, RefusesBadInputBeforeLoadingTheModel) {
  const TemporaryFolder folder;
  const auto scores = folder.write("pairs.tsv", "a\tb\thigh\nc\td\t1\n").string();
  const auto bad_score = run_program({"eval", "--model", "absent.gguf", "--benchmark", scores});
  EXPECT_EQ(bad_score.exit_code, 2);
  EXPECT_NE(
      bad_score.errors.find("pairs.tsv, line 1: no known layout; the columns are \"a\", \"b\", \"high\""),
      std::string::npos)
      << bad_score.errors;
  EXPECT_EQ(run_program({"eval", "--model", "absent.gguf"}).exit_code, 2);
  EXPECT_EQ(run_program({"eval", "--benchmark", scores}).exit_code, 2);
  const auto good = folder.write("good.tsv", "a\tb\t2\nc\td\t1\n").string();
  const auto no_model = run_program({"eval", "--model", "absent.gguf", "--benchmark", good});
  EXPECT_EQ(no_model.exit_code, 2);
  EXPECT_NE(no_model.errors.find("absent.gguf"), std::string::npos);
  const auto columns = run_program({"eval", "--model", "m", "--benchmark", good, "--columns", "a,b"});
  EXPECT_NE(columns.errors.find("expected three names"), std::string::npos) << columns.errors;
}

}  // namespace
}  // namespace conceptune::test
