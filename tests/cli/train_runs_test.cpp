// Training runs of the program on a tiny model: signals, kills, what they leave, all weights.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>

#include <algorithm>

#include "conceptune/base/file.h"
#include "conceptune/concepts/dataset.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"
#include "tests/support/dataset_card.h"
#include "tests/support/inputs.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_model.h"

namespace conceptune::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// A model and a dataset in which every third token is a content word, one of its synonyms of several tokens.
class TrainRuns : public testing::Test {
 protected:
  TrainRuns() {
    use_one_core();
    fs::create_directory(path("model"));
    write_tiny_model(path("model"));
    const auto tokenizer = tokenizer::Tokenizer::load(path("model"));
    const auto card = dataset_card(tokenizer->hash(), tokenizer->size());
    concepts::DatasetWriter writer(path("dataset"), card);
    std::istringstream texts(tiny_text(40));
    int number = 0;
    for (std::string text; std::getline(texts, text); ++number) {
      concepts::ConceptRecord record{std::to_string(number), text, tokenizer->encode_ids(text), {}};
      for (std::uint32_t position = 2; position < record.ids.size(); position += 3)
        record.words.push_back(
            {position,
             "word",
             words::PartOfSpeech::noun,
             {{tokenizer->encode_ids(" big"), "big", 2}, {tokenizer->encode_ids(" zebra"), "zebra", 1}}});
      writer.write(record);
    }
    writer.commit();
  }

  ~TrainRuns() override { ::sched_setaffinity(0, sizeof all_cores_, &all_cores_); }

  fs::path path(const fs::path& relative) const { return folder_.path() / relative; }

  /// Forty steps, each in the log, with what is longer than defaults in them.
  std::vector<std::string> arguments(const std::string& run,
                                     const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"train", "-m",       path("model"), "-d", path("dataset"),
                                          "-o",    path(run),  "--batch",     "8",  "--max-steps",
                                          "40",    "--epochs", "20"};
    for (const char* setting :
         {"log_every=1", "evaluate_every=8", "checkpoint.every_steps=1", "lora.dropout=0.1",
          "optimizer.learning_rate=0.01", "batch.multi_token_synonyms=product", "log.prompts=[\"The big\"]"})
      arguments.insert(arguments.end(), {"--set", setting});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  std::function<bool()> has_logged(const std::string& run, std::int64_t steps) const {
    return [log = path(run) / "log.jsonl", steps] {
      if (!fs::exists(log)) return false;
      const std::string text = read_file(log, "reading");
      std::int64_t found = 0;
      for (std::size_t at = 0; (at = text.find("\"type\":\"training\"", at)) != text.npos; ++at) ++found;
      return found >= steps;
    };
  }

  std::vector<std::string> products(const std::string& run) const {
    std::vector<std::string> contents;
    for (const char* name :
         {"best/adapter_model.safetensors", "last/adapter_model.safetensors", "log.jsonl", "log.csv",
          "events.out.tfevents.0.conceptune", "checkpoints/step-00000040/tensors.safetensors"})
      contents.push_back(read_file(path(run) / name, "reading"));
    return contents;
  }

  /// Signals a run once it has logged `steps`, finishes it where it has not, and compares it with the
  /// undisturbed one. Returns what the signalled program said.
  ProgramResult expect_same_bytes_after(int signal, std::int64_t steps) {
    if (expected_.empty()) {
      const auto straight = run_program(arguments("straight"));
      EXPECT_EQ(straight.exit_code, 0) << straight.errors;
      expected_ = products("straight");
    }
    fs::remove_all(path("run"));
    const auto signalled = run_program_until(has_logged("run", steps), signal, arguments("run"));
    const auto resumed = run_program(arguments("run"));
    EXPECT_EQ(resumed.exit_code, 0) << resumed.errors;
    EXPECT_EQ(products("run"), expected_) << "signal " << signal << " after step " << steps;
    return signalled;
  }

 private:
  /// Programs inherit it; a model this small is faster without other threads to wait for.
  void use_one_core() {
    ::sched_getaffinity(0, sizeof all_cores_, &all_cores_);
    cpu_set_t one;
    CPU_ZERO(&one);
    for (int core = 0; CPU_COUNT(&one) == 0; ++core)
      if (CPU_ISSET(core, &all_cores_)) CPU_SET(core, &one);
    ::sched_setaffinity(0, sizeof one, &one);
  }

  cpu_set_t all_cores_;
  TemporaryFolder folder_;
  std::vector<std::string> expected_;
};

TEST_F(TrainRuns, TellWhereTheTimeWent) {
  const auto result = run_program(arguments("run", {"--set", "max_steps=2", "--profile"}));
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.errors, testing::ContainsRegex("\nother, and waiting +"));
}

TEST_F(TrainRuns, StopOnRequestAndGoOnToTheSameBytes) {
  for (const int signal : {SIGINT, SIGTERM}) {
    const auto stopped = expect_same_bytes_after(signal, 10);
    EXPECT_EQ(stopped.exit_code, 1);
    EXPECT_THAT(stopped.errors, HasSubstr("training stopped after step"));
  }
}

TEST_F(TrainRuns, SigUsr1WritesACheckpointAndGoesOn) {
  const auto result = expect_same_bytes_after(SIGUSR1, 10);
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.errors, HasSubstr("checkpoint at step"));
}

TEST_F(TrainRuns, AreTheSameAfterAKill) {
  for (const std::int64_t steps : {1, 8, 25}) expect_same_bytes_after(SIGKILL, steps);
}

TEST_F(TrainRuns, ReportWhatLongerSynonymsCost) {
  ASSERT_EQ(run_program(arguments("run")).exit_code, 0);
  const std::string log = read_file(path("run") / "log.jsonl", "reading");
  const Json data = parse_json(log.substr(0, log.find('\n')), "reading", "log.jsonl");
  EXPECT_GT(data["training"]["multi_token_synonyms"], 0);
  EXPECT_GE(data["training"]["multi_token_synonym_tokens"], data["training"]["multi_token_synonyms"]);
  EXPECT_THAT(log, HasSubstr("\"prompt\":\"The big\""));
}

#ifndef CONCEPTUNE_HAS_TORCH
TEST_F(TrainRuns, AllWeightsAreRefusedWhereNothingTrainsThem) {
  const auto refused = run_program(arguments("full", {"--method", "full"}));
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.errors, HasSubstr("method: is 'full', which needs libtorch"));
  EXPECT_FALSE(fs::exists(path("full")));
}
#else
TEST_F(TrainRuns, AllWeightsGiveAModelThatIsEvaluatedBesideItsBase) {
  const auto trained = run_program(arguments("full", {"--method", "full", "--json"}));
  ASSERT_EQ(trained.exit_code, 0) << trained.errors;
  const std::string best = parse_json(trained.output, "reading", "output")["adapter"];
  EXPECT_TRUE(fs::exists(fs::path(best) / "model.safetensors"));
  const std::vector<std::string> evaluation = {"eval", "--model",    path("model"),   "--adapter",
                                               best,   "--passages", path("dataset"), "--samples",
                                               "20",   "--json"};
  const auto unseen = run_program(evaluation);
  EXPECT_EQ(unseen.exit_code, 0);
  EXPECT_EQ(unseen.output, "");  // it was trained on all of them
  EXPECT_NE(unseen.errors.find("was trained on it"), std::string::npos) << unseen.errors;
  auto keeping = evaluation;
  keeping.insert(keeping.end(), {"--set", "keep_trained_passages=true"});
  const auto evaluated = run_program(keeping);
  ASSERT_EQ(evaluated.exit_code, 0) << evaluated.errors;
  std::map<std::string, double> perplexity;
  std::istringstream lines(evaluated.output);
  for (std::string line; std::getline(lines, line);) {
    const Json record = parse_json(line, "reading", "output");
    if (record["metric"] == "global_perplexity") perplexity[record["subject"]] = record["value"];
  }
  EXPECT_LT(perplexity.at("full"), perplexity.at("base"));
  EXPECT_EQ(
      run_program({"eval", "--model", best, "--passages", path("dataset"), "--samples", "20"}).exit_code, 0);
}
#endif

using TrainRunsSoak = TrainRuns;

TEST_F(TrainRunsSoak, AreTheSameAfterAKillAtAnyStep) {
  int killed = 0;
  for (std::int64_t steps = 1; steps < 40; ++steps)
    killed += expect_same_bytes_after(SIGKILL, steps).exit_code == 128 + SIGKILL;
  EXPECT_GT(killed, 20);  // the others were done before the signal came
}

}  // namespace
}  // namespace conceptune::test
