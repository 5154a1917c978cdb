// Two ranks on two hosts, which are network namespaces with a cable between them (two_hosts.py).
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <future>
#include <map>
#include <thread>

#include "conceptune/base/file.h"
#include "conceptune/base/json.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_dataset.h"
#include "tests/support/tiny_model.h"

namespace conceptune::test {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

/// The script with a cable that can be asked.
class Hosts {
 public:
  explicit Hosts(std::string name) : name_(std::move(name)) {
    int questions[2], answers[2];
    if (::pipe2(questions, O_CLOEXEC) != 0 || ::pipe2(answers, O_CLOEXEC) != 0) return;
    script_ = ::fork();
    if (script_ == 0) {
      ::dup2(questions[0], STDIN_FILENO);
      ::dup2(answers[1], STDOUT_FILENO);
      ::execlp("python3", "python3", CONCEPTUNE_CLUSTER_DIR "/two_hosts.py", name_.c_str(), nullptr);
      ::_exit(77);
    }
    ::close(questions[0]);
    ::close(answers[1]);
    questions_ = ::fdopen(questions[1], "w");
    answers_ = ::fdopen(answers[0], "r");
    state_ = line();
  }
  ~Hosts() {
    std::fclose(questions_);
    ::waitpid(script_, nullptr, 0);
    std::fclose(answers_);
  }
  Hosts(const Hosts&) = delete;
  Hosts& operator=(const Hosts&) = delete;

  bool are_there() const { return state_ == "ready"; }
  const std::string& state() const { return state_; }
  std::string ask(const std::string& question) const {
    std::fputs((question + "\n").c_str(), questions_);
    std::fflush(questions_);
    return line();
  }
  /// To be called in a new process: it is on the host of this rank then, and knows the other.
  void enter(int rank, int timeout) const {
    const std::string path = fmt::format("/var/run/netns/{}-{}", name_, rank == 0 ? 'a' : 'b');
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (::setns(descriptor, CLONE_NEWNET) != 0) ::_exit(125);
    for (const auto& [variable, value] : {std::pair<const char*, std::string>{"RANK", std::to_string(rank)},
                                          {"WORLD_SIZE", "2"},
                                          {"MASTER_ADDR", "10.77.0.1"},
                                          {"MASTER_PORT", "29500"},
                                          {"GLOO_SOCKET_IFNAME", "cable"},
                                          {"OMP_NUM_THREADS", "1"},
                                          {"CONCEPTUNE_RANK_TIMEOUT", std::to_string(timeout)}})
      ::setenv(variable, value.c_str(), 1);
  }

 private:
  std::string line() const {
    char text[256] = {};
    if (!std::fgets(text, sizeof text, answers_)) return "no answer";
    std::string answer = text;
    answer.pop_back();
    return answer;
  }

  std::string name_;
  pid_t script_ = 0;
  std::FILE* questions_ = nullptr;
  std::FILE* answers_ = nullptr;
  std::string state_;
};

/// A tiny model, a dataset of its texts, and ranks that train on them.
class TwoHosts : public testing::Test {
 protected:
  void SetUp() override {
    if (!hosts_.are_there()) GTEST_SKIP() << hosts_.state();
    write_tiny_model(folder_.path());
    write_tiny_dataset(folder_.path());
  }

  std::vector<std::string> arguments(const std::string& run, int steps) const {
    return {"train",
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
            "evaluate_every=1000",
            "--learning-rate",
            "0.01",
            "--epochs",
            "100000",
            "--max-steps",
            std::to_string(steps),
            "--json"};
  }
  fs::path path(const std::string& run) const { return folder_.path() / run; }

  /// Both ranks, each on its host.
  std::vector<ProgramResult> train(const std::string& run, int steps, int timeout = 60,
                                   const std::vector<std::string>& further = {}) const {
    std::vector<std::string> all = arguments(run, steps);
    all.insert(all.end(), further.begin(), further.end());
    std::vector<std::future<ProgramResult>> ranks;
    for (const int rank : {0, 1})
      ranks.push_back(std::async(std::launch::async, [=, this] {
        return run_program_after([&] { hosts_.enter(rank, timeout); }, all);
      }));
    std::vector<ProgramResult> results;
    for (auto& rank : ranks) results.push_back(rank.get());
    return results;
  }

  std::vector<double> losses(const std::string& run) const {
    std::vector<double> found;
    std::ifstream log(path(run) / "log.jsonl");
    for (std::string line; std::getline(log, line);)
      if (const Json entry = Json::parse(line, nullptr, false); entry.contains("loss"))
        found.push_back(entry["loss"]);
    return found;
  }

  Hosts hosts_{fmt::format("conceptune-{}", ::getpid())};
  TemporaryFolder folder_;
};

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

TEST_F(TwoHosts, GiveTheCurveOfOneProcessOverASlowCableThatLoses) {
  constexpr int kSteps = 12;
  ASSERT_EQ(run_program(arguments("alone", kSteps)).exit_code, 0);
  const auto expected = losses("alone");
  ASSERT_GE(expected.size(), 12u);
  for (const auto& [delay, loss] : {std::pair{0, 0.0}, {5, 0.0}, {50, 0.0}, {200, 0.0}, {5, 0.01}}) {
    const std::string run = fmt::format("delay{}-loss{}", delay, loss);
    hosts_.ask(fmt::format("delay {}", delay));
    hosts_.ask(fmt::format("loss {}", loss));
    hosts_.ask("bytes");
    // What a step takes: the difference of two lengths, since meeting costs time too.
    auto begin = Clock::now();
    for (const auto& result : train(run + "-short", 2)) ASSERT_EQ(result.exit_code, 0) << result.errors;
    const double short_seconds = seconds_since(begin), short_bytes = std::stod(hosts_.ask("bytes"));
    begin = Clock::now();
    for (const auto& result : train(run, kSteps)) ASSERT_EQ(result.exit_code, 0) << result.errors;
    const double seconds = seconds_since(begin) - short_seconds,
                 bytes = std::stod(hosts_.ask("bytes")) - short_bytes;
    fmt::print("{:>4} ms, {:.0f} % lost: {:.3f} s and {:.0f} bytes a step\n", delay, 100 * loss,
               seconds / (kSteps - 2), bytes / (kSteps - 2));
    std::fflush(stdout);  // or processes that are started would print it again
    const auto found = losses(run);
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i)
      EXPECT_NEAR(found[i], expected[i], 1e-5) << run << ' ' << i;
  }
}

TEST_F(TwoHosts, SendFewerBytesInBfloat16) {
  hosts_.ask("bytes");
  std::map<std::string, double> bytes;
  for (const std::string type : {"float32", "bfloat16"}) {
    const std::vector<std::string> exchange = {"--set", "exchange=" + type};
    for (const auto& result : train(type + "-short", 2, 60, exchange))
      ASSERT_EQ(result.exit_code, 0) << result.errors;
    const double of_short = std::stod(hosts_.ask("bytes"));
    for (const auto& result : train(type, 22, 60, exchange)) ASSERT_EQ(result.exit_code, 0) << result.errors;
    bytes[type] = (std::stod(hosts_.ask("bytes")) - of_short) / 20;
    fmt::print("{}: {:.0f} bytes a step, last loss {}\n", type, bytes[type], losses(type).back());
    std::fflush(stdout);
  }
  EXPECT_LT(bytes["bfloat16"], bytes["float32"]);
}

TEST_F(TwoHosts, APulledCableEndsBothInTimeAndTheyGoOnOnceItIsBack) {
  constexpr int kTimeout = 6, kSteps = 400;
  hosts_.ask("delay 5");
  auto ranks = std::async(std::launch::async, [&] { return train("run", kSteps, kTimeout); });
  for (int i = 0; i < 600 && losses("run").size() < 20; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  ASSERT_GE(losses("run").size(), 20u);
  hosts_.ask("loss 1");
  const auto pulled = Clock::now();
  for (const auto& result : ranks.get()) {
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.errors, HasSubstr("another rank ended, or did not answer within")) << result.errors;
  }
  EXPECT_LT(seconds_since(pulled), 2 * kTimeout + 3);
  const auto stopped_at = losses("run").size();
  EXPECT_LT(stopped_at, static_cast<std::size_t>(kSteps));
  EXPECT_FALSE(fs::is_empty(path("run") / "checkpoints"));
  hosts_.ask("loss 0");
  for (const auto& result : train("run", kSteps)) ASSERT_EQ(result.exit_code, 0) << result.errors;
  for (const auto& result : train("straight", kSteps)) ASSERT_EQ(result.exit_code, 0) << result.errors;
  for (const char* file : {"last/adapter_model.safetensors", "log.jsonl"})
    EXPECT_EQ(read_file(path("run") / file, ""), read_file(path("straight") / file, "")) << file;
}

}  // namespace
}  // namespace conceptune::test
