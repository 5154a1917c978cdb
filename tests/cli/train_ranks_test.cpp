// conceptune train --launch and under a launcher's variables: real processes on a tiny model.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "conceptune/base/file.h"
#include "conceptune/base/json.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_dataset.h"
#include "tests/support/tiny_model.h"

namespace conceptune::test {
namespace {

namespace fs = std::filesystem;

/// A tiny model, a dataset of its texts, and `conceptune train` on them.
class TrainRanks : public testing::Test {
 protected:
  TrainRanks() {
    write_tiny_model(folder_.path());
    write_tiny_dataset(folder_.path());
  }

  std::vector<std::string> arguments(const std::string& run, const std::vector<std::string>& more) const {
    std::vector<std::string> all = {"train",
                                    "--model",
                                    folder_.path(),
                                    "--dataset",
                                    folder_.path() / "dataset",
                                    "--output",
                                    path(run),
                                    "--set",
                                    "batch.passages=4",
                                    "--set",
                                    "log_every=1",
                                    "--set",
                                    "evaluate_every=4",
                                    "--learning-rate",
                                    "0.01",
                                    "--json"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  fs::path path(const std::string& run) const { return folder_.path() / run; }

  /// Losses of the log's updates and evaluations.
  std::vector<double> losses(const std::string& run) const {
    std::vector<double> found;
    std::ifstream log(path(run) / "log.jsonl");
    for (std::string line; std::getline(log, line);)
      if (const Json entry = Json::parse(line, nullptr, false); entry.contains("loss"))
        found.push_back(entry["loss"]);
    return found;
  }

  /// A launched rank's process id, once it trains; found by its parent, the launcher.
  static pid_t child_of_launcher(const std::string& rank) {
    for (const auto& entry : fs::directory_iterator("/proc")) {
      std::ifstream environment(entry.path() / "environ", std::ios::binary);
      const std::string text{std::istreambuf_iterator<char>(environment), {}};
      if (text.find(std::string("\0RANK=", 6) + rank + '\0') != text.npos &&
          text.find("CONCEPTUNE_TEST_MARK=" + std::to_string(::getpid())) != text.npos)
        return static_cast<pid_t>(std::stol(entry.path().filename()));
    }
    return 0;
  }

  TemporaryFolder folder_;
};

TEST_F(TrainRanks, LaunchedOnesGiveTheSingleProcesssCurve) {
  const std::vector<std::string> options = {"--max-steps", "12"};
  ASSERT_EQ(run_program(arguments("alone", options)).exit_code, 0);
  const auto launched = run_program(arguments("ranks", {"--max-steps", "12", "--launch", "2"}));
  ASSERT_EQ(launched.exit_code, 0) << launched.errors;
  EXPECT_EQ(Json::parse(launched.output).at("steps"), 12);  // said once
  const auto expected = losses("alone"), found = losses("ranks");
  ASSERT_EQ(found.size(), 15u);  // 12 updates, 3 evaluations
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-5) << i;
}

TEST_F(TrainRanks, ASignalToTheLauncherStopsAllAndTheCommandGoesOn) {
  const std::vector<std::string> options = {"--max-steps", "40", "--launch=2", "--epochs", "50"};
  ASSERT_EQ(run_program(arguments("straight", options)).exit_code, 0);
  const auto stopped =
      run_program_until([&] { return losses("run").size() > 5; }, SIGTERM, arguments("run", options));
  EXPECT_EQ(stopped.exit_code, 1) << stopped.errors;
  EXPECT_NE(stopped.errors.find("training stopped after step"), std::string::npos) << stopped.errors;
  ASSERT_EQ(run_program(arguments("run", options)).exit_code, 0);
  EXPECT_EQ(read_file(path("run") / "last/adapter_model.safetensors", ""),
            read_file(path("straight") / "last/adapter_model.safetensors", ""));
  EXPECT_EQ(read_file(path("run") / "log.jsonl", ""), read_file(path("straight") / "log.jsonl", ""));
}

TEST_F(TrainRanks, AKilledRankEndsTheOthersWithACheckpoint) {
  ::setenv("CONCEPTUNE_TEST_MARK", std::to_string(::getpid()).c_str(), 1);
  const auto options = {std::string("--launch=2"), std::string("--epochs"), std::string("100000")};
  bool killed = false;
  const auto result = run_program_until(
      [&] {
        if (!killed && losses("run").size() > 5)
          if (const pid_t rank = child_of_launcher("1")) killed = ::kill(rank, SIGKILL) == 0;
        return false;
      },
      0, arguments("run", options));
  ::unsetenv("CONCEPTUNE_TEST_MARK");
  ASSERT_TRUE(killed);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.errors.find("rank 0: training: rank 0 of 2: another rank ended"), std::string::npos)
      << result.errors;
  EXPECT_NE(result.errors.find("rank 1 failed first, by signal 9"), std::string::npos) << result.errors;
  EXPECT_FALSE(fs::is_empty(path("run") / "checkpoints"));
}

TEST_F(TrainRanks, WrongVariablesAreNamed) {
  const auto errors = [&](const char* name, const char* value, const std::vector<std::string>& more) {
    ::setenv(name, value, 1);
    const auto result = run_program(arguments("run", more));
    ::unsetenv(name);
    EXPECT_EQ(result.exit_code, 2) << result.errors;
    return result.errors;
  };
  EXPECT_NE(errors("WORLD_SIZE", "2", {}).find("RANK: is not set"), std::string::npos);
  EXPECT_NE(errors("RANK", "0", {"--launch", "2"}).find("--launch has no place here"), std::string::npos);
  EXPECT_NE(errors("MASTER_PORT", "many", {"--launch", "2"}).find("MASTER_PORT: is 'many'"),
            std::string::npos);
  EXPECT_NE(run_program(arguments("run", {"--launch", "0"})).errors.find("--launch"), std::string::npos);
  EXPECT_FALSE(fs::exists(path("run")));
}

TEST_F(TrainRanks, AMissingRankIsWaitedForOnlySoLong) {
  const std::string port = std::to_string(20000 + ::getpid() % 20000);
  for (const auto& [name, value] : {std::pair{"RANK", "0"},
                                    {"WORLD_SIZE", "2"},
                                    {"MASTER_ADDR", "127.0.0.1"},
                                    {"MASTER_PORT", port.c_str()},
                                    {"CONCEPTUNE_RANK_TIMEOUT", "1"}})
    ::setenv(name, value, 1);
  const auto result = run_program(arguments("run", {}));
  for (const char* name : {"RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT", "CONCEPTUNE_RANK_TIMEOUT"})
    ::unsetenv(name);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.errors.find("rank 0 of 2 at 127.0.0.1:" + port + ": they did not meet within 1 s"),
            std::string::npos)
      << result.errors;
}

}  // namespace
}  // namespace conceptune::test
