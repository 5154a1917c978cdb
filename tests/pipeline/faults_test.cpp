// Every command that saves, while single calls of the system fail: what is accepted afterwards is whole, the
// message says what happened, and the same command, run again, gives the bytes of an undisturbed run.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "conceptune/base/hash.h"
#include "conceptune/base/product.h"
#include "conceptune/base/random.h"
#include "tests/pipeline/tiny_experiment.h"
#include "tests/support/fault_injection.h"

namespace conceptune {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

/// A command that writes `output` below the experiment's folder.
struct SavingCommand {
  const char* name;
  Words words;
  fs::path output;
};

class Faulted {
 public:
  Faulted() {
    tiny_.write("corpus.txt", test::tiny_text(12));
    make({"corpus", at("corpus.txt"), "-o", at("sample"), "--passages", "8", "--held-out", "2"});
    make(annotate("dataset"));
    make(train("run"));
  }

  std::vector<SavingCommand> commands() const {
    return {{"corpus",
             {"corpus", at("corpus.txt"), "-o", at("out"), "--passages", "8", "--held-out", "2"},
             "out"},
            {"annotate", annotate("out"), "out"},
            {"limit", {"dataset", "limit", at("dataset"), "--count", "1", "-o", at("out")}, "out"},
            {"export", {"dataset", "export", at("dataset"), "-o", at("out.jsonl")}, "out.jsonl"},
            {"train", train("out"), "out"},
            {"eval",
             {"eval", "--model", at("model"), "--adapter", at("run"), "--benchmark", at("pairs.tsv"),
              "--passages", at("dataset"), "--samples", "10", "-o", at("out")},
             "out"},
            {"merge", {"merge", "-m", at("model"), "-a", at("run/best"), "-o", at("out")}, "out"}};
  }

  /// Content of every file of an output by its path; what differs between equal runs is left out.
  FileList content(const fs::path& output) const {
    const fs::path path = tiny_.path(output);
    if (!fs::is_directory(path))
      return {{"", {static_cast<std::int64_t>(fs::file_size(path)), sha256_of_file(path)}}};
    FileList files = list_files(path);
    // These hold the seconds that were taken.
    std::erase_if(files, [](const auto& file) {
      return file.first == "training.json" || file.first == "results.json" ||
             file.first.ends_with("state.json") || file.first.ends_with("manifest.json");
    });
    return files;
  }

  void clean(const SavingCommand& command) const {
    fs::remove_all(tiny_.path(command.output));
    fs::remove_all(tiny_.path(".out.work"));
  }

  long count(const std::string& kind, const SavingCommand& command) const {
    const long calls = test::count_calls(kind, tiny_.path(""), command.words);
    clean(command);
    return calls;
  }

  FileList undisturbed(const SavingCommand& command) const {
    EXPECT_EQ(test::run_program(command.words).exit_code, 0);
    FileList files = content(command.output);
    clean(command);
    return files;
  }

  void expect_survival(const SavingCommand& command, const std::string& kind, long n,
                       const FileList& expected) const {
    SCOPED_TRACE(fmt::format("{}: {} {}", command.name, kind, n));
    const auto failed = test::run_with_fault(kind, n, tiny_.path(""), command.words);
    EXPECT_LT(failed.exit_code, 3) << failed.errors;  // no signal
    if (failed.exit_code != 0) {
      EXPECT_THAT(failed.errors, testing::HasSubstr("conceptune: "));
    }
    const bool finished =
        fs::is_directory(tiny_.path(command.output)) && read_manifest(tiny_.path(command.output));
    if (finished) {
      EXPECT_NO_THROW(check_manifest(tiny_.path(command.output), "verifying")) << failed.errors;
    }
    if (failed.exit_code == 0) {
      EXPECT_EQ(content(command.output), expected);
    }
    // What a fault left is no obstacle: a finished output is the command's own, an unfinished one goes on.
    if (failed.exit_code == 0 || finished) clean(command);
    const auto again = test::run_program(command.words);
    EXPECT_EQ(again.exit_code, 0) << again.errors;
    EXPECT_EQ(content(command.output), expected);
    clean(command);
  }

 private:
  std::string at(const fs::path& name) const { return tiny_.path(name).string(); }
  Words annotate(const fs::path& output) const {
    return {"annotate",
            at("sample/train.jsonl"),
            "-m",
            at("model"),
            "--english-pipeline",
            test::input("en_core_web_sm").string(),
            "--source",
            "wordnet",
            "--set",
            "wordnet.folder=" + test::kWordNet.string(),
            "-o",
            at(output)};
  }
  Words train(const fs::path& output) const {
    return {"train",
            "-m",
            at("model"),
            "-d",
            at("dataset"),
            "--max-steps",
            "4",
            "--learning-rate",
            "0.01",
            "--set",
            "validation_share=0.3",
            "-o",
            at(output)};
  }
  static void make(const Words& command) {
    const auto result = test::run_program(command);
    ASSERT_EQ(result.exit_code, 0) << result.errors;
  }

  test::TinyExperiment tiny_;
};

/// Each n up to the number of calls; allocations, which are many, at random.
std::vector<long> numbers(const std::string& kind, long calls) {
  constexpr long kMostAllocations = 60;
  std::vector<long> all(static_cast<std::size_t>(calls));
  for (long n = 0; n < calls; ++n) all[static_cast<std::size_t>(n)] = n + 1;
  if (kind != "allocate" || calls <= kMostAllocations) return all;
  Random(1, "allocations").shuffle(all);
  all.resize(kMostAllocations);
  return all;
}

TEST(Faults, ASampleOfThem) {
  CONCEPTUNE_REQUIRE_LANGUAGE_DATA();
  const Faulted faulted;
  Random random(2, "sample of faults");
  for (const auto& command : faulted.commands()) {
    const auto expected = faulted.undisturbed(command);
    const std::string kind = test::kFaultKinds[random.below(4)];
    const long calls = faulted.count(kind, command);
    ASSERT_GT(calls, 0) << command.name << " " << kind;
    faulted.expect_survival(command, kind,
                            1 + static_cast<long>(random.below(static_cast<std::uint64_t>(calls))), expected);
  }
}

TEST(FaultsSoak, EveryCallOfEveryCommandThatSaves) {
  CONCEPTUNE_REQUIRE_LANGUAGE_DATA();
  const Faulted faulted;
  for (const auto& command : faulted.commands()) {
    const auto expected = faulted.undisturbed(command);
    for (const std::string kind : test::kFaultKinds) {
      const long calls = faulted.count(kind, command);
      fmt::print("{}: {} calls of {}\n", command.name, calls, kind);
      for (const long n : numbers(kind, calls)) faulted.expect_survival(command, kind, n, expected);
    }
  }
}

}  // namespace
}  // namespace conceptune
