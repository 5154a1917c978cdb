// conceptune fetch, as a user runs it. The transfers themselves are tested in tests/fetch.
#include <gtest/gtest.h>

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
  EXPECT_NE(nonsense.errors.find("expected a path that exists, a URL, or a hub repository"),
            std::string::npos);
  EXPECT_EQ(run_program({"fetch", "file:///etc/hostname"}).exit_code, 2);
  EXPECT_EQ(run_program({"fetch"}).exit_code, 2);
}

}  // namespace
}  // namespace conceptune::test
