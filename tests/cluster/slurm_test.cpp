// conceptune run --slurm on a real Slurm of one node with two slots (slurm.sh).
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <sstream>
#include <thread>

#include "conceptune/base/file.h"
#include "conceptune/base/json.h"
#include "tests/pipeline/tiny_experiment.h"

namespace conceptune {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

struct ShellResult {
  int exit_code;
  std::string output;
};

ShellResult shell(const std::string& command) {
  std::FILE* stream = ::popen((command + " 2>&1").c_str(), "r");
  ShellResult result{-1, {}};
  std::array<char, 4096> block{};
  for (std::size_t size = 0; (size = std::fread(block.data(), 1, block.size(), stream)) > 0;)
    result.output.append(block.data(), size);
  result.exit_code = WEXITSTATUS(::pclose(stream));
  return result;
}

bool wait_until(const std::function<bool()>& condition, int seconds) {
  for (int i = 0; i < 5 * seconds; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  return false;
}

class SlurmCluster : public testing::Test {
 protected:
  void SetUp() override {
    CONCEPTUNE_REQUIRE_LANGUAGE_DATA();
    const auto started = shell(script("start"));
    if (started.exit_code == 77) GTEST_SKIP() << started.output;
    ASSERT_EQ(started.exit_code, 0) << started.output;
    ::setenv("SLURM_CONF", (folder_.path() / "slurm.conf").c_str(), 1);
  }
  void TearDown() override {
    if (!folder_.path().empty()) shell(script("stop"));
    ::unsetenv("SLURM_CONF");
  }

  std::string script(const std::string& what) const {
    return fmt::format("'{}/slurm.sh' {} '{}'", CONCEPTUNE_CLUSTER_DIR, what, folder_.path().string());
  }

  /// Four arms that train for some seconds each.
  static void lengthen(const test::TinyExperiment& tiny) {
    std::string text = read_file(tiny.config(), "");
    const auto replace = [&](const std::string& from, const std::string& to) {
      text.replace(text.find(from), from.size(), to);
    };
    replace("epochs = 2", "epochs = 150");
    replace("[0.0, 1.0]", "[0.0, 0.3, 0.6, 1.0]");
    tiny.write("tiny.toml", text);
  }

  /// Runs --slurm --submit and gives the numbers of the jobs.
  static Json submit(const test::TinyExperiment& tiny, const std::string& options) {
    auto arguments = tiny.arguments();
    arguments.insert(arguments.end(), {"--slurm", options, "--submit", "--json"});
    const auto result = test::run_program(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    return result.exit_code == 0 ? Json::parse(result.output)["submitted"] : Json();
  }

  /// Tasks of a job in a state, by their numbers in the array.
  static std::vector<int> tasks(const std::string& job, const std::string& state) {
    std::istringstream lines(
        shell(fmt::format("squeue --array --noheader --jobs={} --states={} --format=%K", job, state)).output);
    std::vector<int> numbers;
    for (int number = 0; lines >> number;) numbers.push_back(number);
    return numbers;
  }

  static std::string fact(const std::string& job, const std::string& name) {
    const std::string text = shell("scontrol show job " + job).output;
    const auto begin = text.find(name + "=");
    return begin == text.npos ? text
                              : text.substr(begin + name.size() + 1,
                                            text.find_first_of(" \n", begin) - begin - name.size() - 1);
  }

  /// Arms that have written so many lines to their log.
  static int arms_under_way(const test::TinyExperiment& tiny, int lines) {
    int arms = 0;
    std::error_code none_yet;
    for (const auto& entry : fs::directory_iterator(tiny.run_folder() / "products", none_yet)) {
      std::ifstream log(entry.path() / "log.jsonl");
      int count = 0;
      for (std::string line; std::getline(log, line);) ++count;
      arms += count >= lines ? 1 : 0;
    }
    return arms;
  }

  test::TemporaryFolder folder_;
};

TEST_F(SlurmCluster, KillsRequeuesAndADrainedNodeChangeNoByte) {
  const test::TinyExperiment alone, shared;
  lengthen(alone);
  lengthen(shared);
  ASSERT_EQ(alone.run().exit_code, 0);
  const Json jobs = submit(shared, "partition=main comment=test");
  ASSERT_EQ(jobs.size(), 3u);
  const std::string train = jobs["train"], report = jobs["report"];
  ASSERT_TRUE(
      wait_until([&] { return tasks(train, "R").size() == 2 && arms_under_way(shared, 10) == 2; }, 120));

  const auto running = tasks(train, "R");
  const auto task = [&](int number) { return fmt::format("{}_{}", train, number); };
  EXPECT_EQ(shell("scancel " + task(running[0])).exit_code, 0);
  EXPECT_EQ(shell("scontrol requeue " + task(running[1])).exit_code, 0);
  ASSERT_TRUE(wait_until([&] { return !tasks(train, "R").empty(); }, 60));
  const std::string node = shell("sinfo --noheader --format=%N").output;
  EXPECT_EQ(shell("scontrol update reason=test state=drain nodename=" + node).exit_code, 0);
  // What runs goes on, and nothing new begins.
  EXPECT_TRUE(wait_until([&] { return tasks(train, "R").empty(); }, 120));
  std::this_thread::sleep_for(std::chrono::seconds(3));
  EXPECT_TRUE(tasks(train, "R").empty());
  EXPECT_FALSE(tasks(train, "PD").empty());
  EXPECT_THAT(shell("sinfo --noheader --format=%T").output, HasSubstr("drained"));
  EXPECT_EQ(shell("scontrol update state=resume nodename=" + node).exit_code, 0);
  ASSERT_TRUE(wait_until([&] { return shell("squeue --noheader").output.empty(); }, 240))
      << shell("squeue").output;

  EXPECT_EQ(fact(task(running[0]), "JobState"), "CANCELLED");
  EXPECT_EQ(fact(task(running[1]), "Restarts"), "1");
  EXPECT_EQ(fact(report, "JobState"), "COMPLETED");
  EXPECT_EQ(shared.products(), alone.products());
  EXPECT_TRUE(fs::exists(shared.run_folder() / "report.html"));
  EXPECT_TRUE(fs::exists(shared.run_folder() / fmt::format("logs/slurm-train-{}_{}.log", train, running[1])));
  EXPECT_EQ(test::run_program({"verify", shared.run_folder().string()}).exit_code, 0);
}

TEST_F(SlurmCluster, WhatNoNodeHasIsToldInOneLine) {
  const test::TinyExperiment tiny;
  auto arguments = tiny.arguments();
  arguments.insert(arguments.end(), {"--slurm", "mem=900G", "--submit"});
  const auto result = test::run_program(arguments);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.errors, HasSubstr("the job data, whose tasks ask for cpus-per-task=1 time=0:11:00 "
                                       "mem=900G, was refused: Memory specification can not be satisfied; "));
  EXPECT_THAT(result.errors, HasSubstr("; nothing is submitted\n"));
  EXPECT_EQ(shell("squeue --noheader").output, "");
}

TEST_F(SlurmCluster, AControllerThatDoesNotAnswerIsToldInOneLine) {
  shell(script("stop"));
  const test::TinyExperiment tiny;
  auto arguments = tiny.arguments();
  arguments.insert(arguments.end(), {"--slurm", "", "--submit"});
  const auto result = test::run_program(arguments);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.errors, HasSubstr("submitting to Slurm: the job data, "));
  EXPECT_THAT(result.errors,
              testing::AnyOf(HasSubstr("Unable to contact slurm controller"), HasSubstr("Munge")))
      << result.errors;
}

}  // namespace
}  // namespace conceptune
