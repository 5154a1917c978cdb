// Every command that writes: what is there already is never lost, and its own product only where that is
// asked for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/base/file.h"
#include "conceptune/base/product.h"
#include "tests/pipeline/tiny_experiment.h"

namespace conceptune {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using Words = std::vector<std::string>;

struct Outputs : testing::Test {
  void SetUp() override {
    CONCEPTUNE_REQUIRE_LANGUAGE_DATA();
    make("sample", {"corpus", at("corpus.txt"), "--passages", "24", "--held-out", "8"});
    make("dataset", annotate_to());
  }

  std::string at(const fs::path& name) const { return tiny.path(name).string(); }
  Words annotate_to() const {
    return {"annotate",
            at("sample/train.jsonl"),
            "-m",
            at("model"),
            "--english-pipeline",
            test::input("en_core_web_sm").string(),
            "--source",
            "wordnet",
            "--set",
            "wordnet.folder=" + test::kWordNet.string()};
  }
  test::ProgramResult run(Words command, const fs::path& output, const Words& further = {}) const {
    command.insert(command.end(), {"-o", tiny.path(output).string()});
    command.insert(command.end(), further.begin(), further.end());
    return test::run_program(command);
  }
  void make(const fs::path& output, const Words& command) const {
    const auto result = run(command, output);
    ASSERT_EQ(result.exit_code, 0) << result.errors;
  }
  void expect_refusal(const test::ProgramResult& result, const std::string& reason) const {
    EXPECT_EQ(result.exit_code, 2) << result.errors;
    EXPECT_THAT(result.errors, HasSubstr(reason));
  }

  /// A folder with a user's file is refused and stays as it is; a product is replaced only with --overwrite,
  /// and not where a file lies beside it.
  void expect_the_rule(const Words& command) const {
    SCOPED_TRACE(command[0] + " " + command[1]);
    make_folder(tiny.path("mine"));
    tiny.write("mine/notes.txt", "mine");
    for (const Words& further : {Words{}, Words{"--overwrite"}}) {
      expect_refusal(run(command, "mine", further), "mine");
      EXPECT_EQ(read_file(tiny.path("mine/notes.txt"), "reading"), "mine");
      EXPECT_EQ(std::distance(fs::directory_iterator(tiny.path("mine")), {}), 1);
    }
    make("made", command);
    expect_refusal(run(command, "made"), "--overwrite");
    const auto replaced = run(command, "made", {"--overwrite"});
    EXPECT_EQ(replaced.exit_code, 0) << replaced.errors;
    EXPECT_NO_THROW(check_manifest(tiny.path("made"), "verifying"));
    tiny.write("made/notes.txt", "mine");
    expect_refusal(run(command, "made", {"--overwrite"}), "notes.txt");
    EXPECT_EQ(read_file(tiny.path("made/notes.txt"), "reading"), "mine");
    fs::remove_all(tiny.path("made"));
  }

  test::TinyExperiment tiny;
};

TEST_F(Outputs, OfCorpus) {
  expect_the_rule({"corpus", at("corpus.txt"), "--passages", "5", "--held-out", "2"});
}

TEST_F(Outputs, OfAnnotate) { expect_the_rule(annotate_to()); }

TEST_F(Outputs, OfDatasetOperations) {
  expect_the_rule({"dataset", "limit", at("dataset"), "--count", "1"});
  expect_the_rule({"dataset", "proportion", at("dataset"), "--fraction", "0.5"});
  expect_the_rule({"dataset", "union", at("dataset"), at("dataset")});
  expect_the_rule({"dataset", "random", at("dataset")});
}

TEST_F(Outputs, OfEval) {
  expect_the_rule({"eval", "--model", at("model"), "--benchmark", at("pairs.tsv"), "--samples", "10"});
}

TEST_F(Outputs, AnInputIsNeverAnOutput) {
  const auto records = read_file(tiny.path("dataset/records.jsonl.zst"), "reading");
  for (const Words& further : {Words{}, Words{"--overwrite"}}) {
    expect_refusal(run({"dataset", "limit", at("dataset"), "--count", "1"}, "dataset", further),
                   "is an input");
    expect_refusal(run(annotate_to(), "sample", further), "holds the input");
    expect_refusal(run({"corpus", at("sample/train.jsonl")}, "sample", further), "holds the input");
  }
  EXPECT_EQ(read_file(tiny.path("dataset/records.jsonl.zst"), "reading"), records);
}

TEST_F(Outputs, OfTrainGoesOnWithItsOwnRunAlone) {
  const Words command = {"train",    "-m", at("model"),       "-d",  at("dataset"),
                         "--epochs", "1",  "--learning-rate", "0.01"};
  make_folder(tiny.path("mine"));
  tiny.write("mine/notes.txt", "mine");
  expect_refusal(run(command, "mine"), "notes.txt");
  expect_refusal(run(command, "dataset"), "is an input");
  make("run", command);
  EXPECT_EQ(run(command, "run").exit_code, 0);
  expect_refusal(run(command, "run", {"--seed", "3"}), "another run");
  const auto adapter = read_file(tiny.path("run/best/adapter_model.safetensors"), "reading");
  tiny.write("run/best/adapter_model.safetensors", adapter + "x");
  expect_refusal(run(command, "run"), "adapter_model.safetensors");
}

TEST_F(Outputs, OfAnExportIsReplacedOnlyByItsKind) {
  const Words command = {"dataset", "export", at("dataset")};
  make("out.jsonl", command);
  expect_refusal(run(command, "out.jsonl"), "--overwrite");
  EXPECT_EQ(run(command, "out.jsonl", {"--overwrite"}).exit_code, 0);
  tiny.write("notes.txt", "mine");
  expect_refusal(run(command, "notes.txt", {"--overwrite"}), "notes.txt");
  EXPECT_EQ(read_file(tiny.path("notes.txt"), "reading"), "mine");
}

}  // namespace
}  // namespace conceptune
