// One experiment made by several processes at once: nothing twice, the same bytes as by one, whoever dies.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <fstream>
#include <future>
#include <regex>
#include <sstream>

#include "conceptune/base/file.h"
#include "conceptune/base/random.h"
#include "conceptune/base/utf8.h"
#include "tests/pipeline/tiny_experiment.h"
#include "tests/support/on_terminal.h"

namespace conceptune {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

std::map<std::string, std::string> products_of_one_process() {
  const test::TinyExperiment alone;
  EXPECT_EQ(alone.run().exit_code, 0);
  return alone.products();
}

/// Products made, by stage; whatever was only reused is left out.
std::map<std::string, int> made(const test::TinyExperiment& tiny) {
  std::map<std::string, int> counts;
  for (const auto& [outcome, count] : tiny.outcomes())
    if (outcome.ends_with(" done")) counts[outcome] = count;
  return counts;
}

test::ProgramResult run_only(const test::TinyExperiment& tiny, const std::string& word) {
  auto arguments = tiny.arguments();
  arguments.insert(arguments.end(), {"--only", word});
  return test::run_program(arguments);
}

TEST(Workers, MakeTogetherWhatOneProcessMakes) {
  CONCEPTUNE_REQUIRE_LANGUAGE_DATA();
  const test::TinyExperiment shared;
  auto arguments = shared.arguments();
  arguments.insert(arguments.end(), {"--workers", "2"});
  const auto result = test::run_program(arguments);
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_EQ(shared.products(), products_of_one_process());
  EXPECT_EQ(made(shared),
            (std::map<std::string, int>{
                {"corpus done", 1}, {"annotate done", 2}, {"train done", 2}, {"evaluate done", 1}}));
  EXPECT_THAT(result.output, HasSubstr("report"));
  for (const char* log : {"logs/worker-1.log", "logs/worker-2.log"})
    EXPECT_TRUE(fs::exists(shared.run_folder() / log)) << log;
  EXPECT_EQ(test::run_program({"verify", shared.run_folder().string()}).exit_code, 0);
}

/// An experiment of which only the annotation is made, long enough to be divided into four parts.
class DividedAnnotation : public testing::Test {
 protected:
  void SetUp() override {
    CONCEPTUNE_REQUIRE_LANGUAGE_DATA();
    lengthen(alone_);
    ASSERT_EQ(test::run_program(arguments(alone_)).exit_code, 0);
  }
  static void lengthen(const test::TinyExperiment& tiny) { tiny.write("corpus.txt", test::tiny_text(700)); }
  static std::vector<std::string> arguments(const test::TinyExperiment& tiny) {
    auto arguments = tiny.arguments({"corpus.passages=500", "corpus.held_out=20"});
    arguments.insert(arguments.end(), {"--only", "annotate"});
    return arguments;
  }

  test::TinyExperiment alone_;
};

TEST_F(DividedAnnotation, OfTwoWorkersNeitherMakesAPartOfTheOthers) {
  const test::TinyExperiment shared;
  lengthen(shared);
  auto with_workers = arguments(shared);
  with_workers.insert(with_workers.end(), {"--workers", "2"});
  const auto result = test::run_program(with_workers);
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  const std::string logs = read_file(shared.run_folder() / "logs/worker-1.log", "") +
                           read_file(shared.run_folder() / "logs/worker-2.log", "");
  for (const char* part : {", part 1 of 4", ", part 2 of 4", ", part 3 of 4", ", part 4 of 4"}) {
    const auto found = logs.find(part);
    ASSERT_NE(found, logs.npos) << part;
    EXPECT_EQ(logs.find(part, found + 1), logs.npos) << part;  // once
  }
  EXPECT_EQ(shared.products(), alone_.products());
  EXPECT_EQ(test::run_program({"verify", shared.run_folder().string()}).exit_code, 0);
}

TEST_F(DividedAnnotation, PartsOfWhoIsKilledAreTakenOver) {
  Random random(3, "moments of kills");
  for (int hit = 0; hit < 2;) {
    const test::TinyExperiment shared;
    lengthen(shared);
    auto other = std::async(std::launch::async, [&] { return test::run_program(arguments(shared)); });
    const auto started = std::chrono::steady_clock::now();
    const std::chrono::duration<double> wait(1 + 2 * random.uniform());
    const auto killed = test::run_program_until(
        [&] { return std::chrono::steady_clock::now() - started > wait; }, SIGKILL, arguments(shared));
    hit += killed.exit_code == 128 + SIGKILL ? 1 : 0;
    const auto result = other.get();
    ASSERT_EQ(result.exit_code, 0) << result.errors;
    EXPECT_EQ(shared.products(), alone_.products());
    EXPECT_EQ(test::run_program({"verify", shared.run_folder().string()}).exit_code, 0);
  }
}

TEST(Workers, OfTwoCallsOnOneFolderNoneDoesWhatTheOtherDoes) {
  CONCEPTUNE_REQUIRE_LANGUAGE_DATA();
  const test::TinyExperiment shared;
  auto other = std::async(std::launch::async, [&] { return shared.run(); });
  const auto result = shared.run();
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_EQ(other.get().exit_code, 0);
  EXPECT_EQ(made(shared)["train done"], 2);
  EXPECT_EQ(made(shared)["annotate done"], 2);
  EXPECT_EQ(shared.products(), products_of_one_process());
}

/// Two calls at once, one of them killed at a random moment, until `kills` have hit; the other goes on.
void expect_same_bytes_after(int kills, std::uint64_t seed) {
  const auto expected = products_of_one_process();
  Random random(seed, "moments of kills");
  for (int hit = 0; hit < kills;) {
    const test::TinyExperiment shared;
    auto other = std::async(std::launch::async, [&] { return shared.run(); });
    const auto started = std::chrono::steady_clock::now();
    const std::chrono::duration<double> wait(4 * random.uniform());
    const auto killed = test::run_program_until(
        [&] { return std::chrono::steady_clock::now() - started > wait; }, SIGKILL, shared.arguments());
    hit += killed.exit_code == 128 + SIGKILL ? 1 : 0;
    const auto result = other.get();
    ASSERT_EQ(result.exit_code, 0) << result.errors;
    EXPECT_EQ(shared.products(), expected);
    EXPECT_EQ(test::run_program({"verify", shared.run_folder().string()}).exit_code, 0);
  }
}

TEST(Workers, TakeOverFromWhoIsKilled) {
  CONCEPTUNE_REQUIRE_LANGUAGE_DATA();
  expect_same_bytes_after(2, 1);
}

TEST(WorkersSoak, TakeOverFromWhoIsKilled) {
  CONCEPTUNE_REQUIRE_LANGUAGE_DATA();
  expect_same_bytes_after(60, 2);
}

/// Names of the folders of trained arms.
std::vector<std::string> trained(const test::TinyExperiment& tiny) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(tiny.run_folder() / "products"))
    if (const std::string name = entry.path().filename().string();
        entry.is_directory() && name.starts_with("train-"))
      names.push_back(name);
  return names;
}

TEST(Workers, AnArmThatFailsDoesNotStopTheOthers) {
  CONCEPTUNE_REQUIRE_LANGUAGE_DATA();
  const test::TinyExperiment whole, spoilt;
  ASSERT_EQ(whole.run().exit_code, 0);
  ASSERT_EQ(run_only(spoilt, "corpus").exit_code, 0);
  // Products are called the same wherever they are made.
  std::ofstream(spoilt.run_folder() / "products" / trained(whole).front())
      << "a file in the place of a folder";
  const auto result = spoilt.run();
  EXPECT_EQ(result.exit_code, 1) << result.errors;
  EXPECT_THAT(result.errors, HasSubstr("1 of the experiment failed, the rest is done: λ "));
  EXPECT_EQ(made(spoilt)["train done"], 1);
  EXPECT_EQ(made(spoilt)["evaluate done"], 1);
  EXPECT_THAT(result.output, HasSubstr("report"));
}

TEST(Workers, OnlyMakesWhatIsAskedFor) {
  CONCEPTUNE_REQUIRE_LANGUAGE_DATA();
  const test::TinyExperiment tiny;
  ASSERT_EQ(run_only(tiny, "annotate").exit_code, 0);
  EXPECT_EQ(made(tiny), (std::map<std::string, int>{{"corpus done", 1}, {"annotate done", 2}}));
  const auto status = test::run_program({"status", tiny.run_folder().string()});
  EXPECT_THAT(status.output, HasSubstr("3 of 6 done"));
  EXPECT_THAT(status.output, HasSubstr("\ndone       annotate   corpus training, wordnet\n"));
  EXPECT_THAT(status.output, HasSubstr("\nwaiting    train      λ 1.0\n"));
  const auto unknown = run_only(tiny, "annotat");
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.errors, HasSubstr("'annotat' is no arm and no stage"));
  ASSERT_EQ(tiny.run().exit_code, 0);
  EXPECT_EQ(tiny.products(), products_of_one_process());
  EXPECT_THAT(test::run_program({"status", tiny.run_folder().string()}).output, HasSubstr("6 of 6 done"));
  auto plan = tiny.arguments();
  plan.emplace_back("--plan");
  EXPECT_THAT(test::run_program(plan).output, HasSubstr("6 of 6 done"));
  EXPECT_EQ(test::run_program({"status", tiny.path("model").string()}).exit_code, 2);
}

TEST(Workers, ThePlanIsRedrawnWithinTheTerminalAndOnAPipeLinesArePlain) {
  CONCEPTUNE_REQUIRE_LANGUAGE_DATA();
  constexpr std::size_t kColumns = 40, kRows = 6;
  const test::TinyExperiment shown, piped;
  const std::string written = test::on_a_terminal(shown.arguments(), kColumns, kRows);
  EXPECT_THAT(written, HasSubstr("0 of 6 done, 0 being made, 2 not shown\r\n"));
  // A view stands from its head to where it is erased; messages come before the head.
  std::istringstream views(std::regex_replace(written, std::regex("\x1b\\[[0-9]+A\r\x1b\\[J"), "\f"));
  std::size_t drawn = 0;
  for (std::string text; std::getline(views, text, '\f');) {
    const std::size_t head = text.find(" of 6 done, ");
    if (head == text.npos) continue;
    ++drawn;
    std::istringstream view(text.substr(text.rfind('\n', head) + 1));
    std::size_t lines = 0;
    for (std::string line; lines < kRows && std::getline(view, line, '\r') && view.get(); ++lines)
      EXPECT_LT(count_code_points(line), kColumns) << line;
    EXPECT_LT(lines, kRows);
  }
  EXPECT_GT(drawn, 1u);
  auto arguments = piped.arguments();
  arguments.insert(arguments.end(), {"--workers", "2"});
  const auto result = test::run_program(arguments);
  EXPECT_THAT(result.errors, HasSubstr("done: evaluate model\n"));
  EXPECT_EQ(result.errors.find('\x1b'), std::string::npos);
}

TEST(Workers, AWatchedReportIsThereOnceTheirResultsAre) {
  CONCEPTUNE_REQUIRE_LANGUAGE_DATA();
  const test::TinyExperiment tiny;
  ASSERT_EQ(run_only(tiny, "corpus").exit_code, 0);
  const std::vector<std::string> watch = {"report", "--watch", tiny.run_folder().string()};
  const auto begun = std::chrono::steady_clock::now();
  const auto stopped = test::run_program_until(
      [&] { return std::chrono::steady_clock::now() - begun > std::chrono::seconds(3); }, SIGTERM, watch);
  EXPECT_EQ(stopped.exit_code, 1);
  EXPECT_FALSE(fs::exists(tiny.run_folder() / "report.html"));
  auto watched = std::async(std::launch::async, [&] { return test::run_program(watch); });
  auto worker = tiny.arguments();
  worker.emplace_back("--worker");  // writes no report
  ASSERT_EQ(test::run_program(worker).exit_code, 0);
  const auto result = watched.get();
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.errors, HasSubstr("1 of 1 evaluations are in the report"));
  EXPECT_THAT(read_file(tiny.run_folder() / "report.html", ""), HasSubstr("λ 1.0"));
}

}  // namespace
}  // namespace conceptune
