#include "conceptune/base/child_process.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <csignal>
#include <thread>

#include "tests/support/temporary_folder.h"

namespace conceptune {
namespace {

TEST(ChildProcess, TellsHowItEndedAndWhatItWrote) {
  const test::TemporaryFolder folder;
  const auto outcome = run_child({"sh", "-c", "pwd; echo problem >&2; read line; exit 3"}, folder.path());
  EXPECT_EQ(outcome.status, 3);
  EXPECT_EQ(outcome.output, std::filesystem::canonical(folder.path()).string() + "\nproblem\n");
  EXPECT_EQ(run_child({"sh", "-c", "kill -9 $$"}, folder.path()).status, 128 + SIGKILL);
  EXPECT_EQ(run_child({"no-such-program-anywhere"}, folder.path()).status, -ENOENT);
}

TEST(ChildProcess, KeepsTheEndOfMuchOutput) {
  const auto outcome = run_child({"sh", "-c", "yes | head -c 1000000; echo end"}, "/");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output.size(), 65536U);
  EXPECT_TRUE(outcome.output.ends_with("y\nend\n"));
}

TEST(ChildProcess, EndsWhenAsked) {
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(run_child({"sleep", "60"}, "/", stop.get_token()).status, 128 + SIGTERM);
}

}  // namespace
}  // namespace conceptune
