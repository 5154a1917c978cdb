// What the program says, and how it ends, when an input cannot be used.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>

#include <sstream>

#include "conceptune/base/file.h"
#include "tests/pipeline/tiny_experiment.h"

namespace conceptune {
namespace {

using testing::HasSubstr;

struct BadInput : testing::Test {
  void SetUp() override { CONCEPTUNE_REQUIRE_LANGUAGE_DATA(); }
  /// One line that names the place and the problem, exit 2, and nothing run.
  void expect_refusal(const std::vector<std::string>& settings, const std::string& place,
                      const std::string& problem) {
    const auto result = tiny.run(settings);
    EXPECT_EQ(result.exit_code, 2) << result.errors;
    EXPECT_THAT(result.errors, HasSubstr(place));
    EXPECT_THAT(result.errors, HasSubstr(problem));
    EXPECT_EQ(error_lines(result.errors), 1) << result.errors;
    EXPECT_EQ(result.output, "");
  }
  /// Lines that tell an error; progress may stand before them.
  static int error_lines(const std::string& errors) {
    int lines = 0;
    std::istringstream stream(errors);
    for (std::string line; std::getline(stream, line);) lines += line.starts_with("conceptune: ");
    return lines;
  }
  test::TinyExperiment tiny;
};

TEST_F(BadInput, MissingModel) { expect_refusal({"model.path=/none/m.gguf"}, "/none/m.gguf", "model.path"); }

TEST_F(BadInput, TruncatedModel) {
  const auto path = tiny.path("model/model.safetensors");
  const std::string whole = read_file(path, "reading");
  tiny.write("model/model.safetensors", whole.substr(0, whole.size() / 2));
  expect_refusal({}, "model.safetensors", "model.path");
}

TEST_F(BadInput, CorruptGguf) {
  tiny.write("m.gguf", std::string("GGUF\x03\0\0\0", 8) + std::string(64, '\xff'));
  expect_refusal({"model.path=" + tiny.path("m.gguf").string()}, "m.gguf", "model.path");
}

TEST_F(BadInput, UnknownArchitecture) {
  std::string config = read_file(tiny.path("model/config.json"), "reading");
  config.replace(config.find("LlamaForCausalLM"), 16, "MambaForCausalLM");
  config.replace(config.find("\"llama\""), 7, "\"mamba\"");
  tiny.write("model/config.json", config);
  expect_refusal({}, "config.json", "amba");
}

TEST_F(BadInput, WhatWouldFailAfterHoursIsFoundBefore) {
  expect_refusal({"training.lora.targets=[\"self_attn.q_proj\"]"}, "training.lora.targets",
                 "is not a projection");
  expect_refusal({"training.lora.targets=[]"}, "training.lora.targets", "at least one");
  expect_refusal({"training.lora.alpha=0"}, "training.lora.alpha", "expected a number");
  expect_refusal({"training.log.prompts=[\"\"]"}, "training.log.prompts", "empty text");
  expect_refusal({"evaluation.benchmarks=[\"" + tiny.path("pairs.tsv").string() + "\", \"" +
                  tiny.path("pairs.tsv").string() + "\"]"},
                 "evaluation.benchmarks", "two are called 'pairs'");
  expect_refusal({"annotation.candidates.server.url=garbage"}, "annotation.candidates.server.url", "http://");
  expect_refusal({"annotation.max_synonyms=9223372036854775807"}, "annotation.max_synonyms", "2147483647");
}

TEST_F(BadInput, AnUnusedFileMayBeAbsent) {
  const auto result = tiny.run({"annotation.prompt.template_file=absent.txt", "name=2026"});
  EXPECT_EQ(result.exit_code, 0) << result.errors;
}

TEST_F(BadInput, MissingCorpus) {
  expect_refusal({"corpus.files=[\"/none/c4.json.gz\"]"}, "/none/c4.json.gz", "corpus.files");
}

TEST_F(BadInput, EmptyCorpus) {
  tiny.write("corpus.txt", "");
  expect_refusal({}, "corpus.txt", "no document with more than 50 and fewer than 2000 characters");
}

TEST_F(BadInput, InvalidUtf8) {
  tiny.write("corpus.txt",
             test::tiny_text(3) + "A line that is long enough to be kept, with \xff in the middle.\n");
  expect_refusal({}, "corpus.txt, line 4", "UTF-8");
}

TEST_F(BadInput, MissingBenchmark) {
  expect_refusal({"evaluation.benchmarks=[\"/none/ws.tsv\"]"}, "/none/ws.tsv", "evaluation.benchmarks");
}

TEST_F(BadInput, BadConfigValues) {
  expect_refusal({"training.epochs=0"}, "--set training.epochs=0",
                 "training.epochs is 0, expected an integer, at least 1");
  expect_refusal({"training.epoch=1"}, "--set training.epoch=1", "did you mean 'training.epochs'?");
}

TEST_F(BadInput, AllMissingInputsAreToldAtOnce) {
  const auto result =
      tiny.run({"model.path=/none/m", "corpus.files=[\"/none/c\"]", "evaluation.benchmarks=[\"/none/b\"]"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.errors, HasSubstr("3 problems"));
  for (const char* name : {"/none/m", "/none/c", "/none/b"}) EXPECT_THAT(result.errors, HasSubstr(name));
}

TEST_F(BadInput, LaterFailureKeepsWhatIsFinished) {
  const auto failed = tiny.run({"training.optimizer.learning_rate=10"});
  EXPECT_EQ(failed.exit_code, 1) << failed.errors;
  const auto repaired = tiny.run();
  ASSERT_EQ(repaired.exit_code, 0) << repaired.errors;
  EXPECT_EQ(tiny.outcomes().at("annotate done"), 2);
  EXPECT_EQ(tiny.outcomes().at("corpus done"), 1);
}

/// A file system of a few hundred kilobytes; needs the right to mount.
struct SmallDisk {
  explicit SmallDisk(std::filesystem::path at) : path(std::move(at)) {
    make_folder(path);
    mounted = ::mount("tmpfs", path.c_str(), "tmpfs", 0, "size=128k") == 0;
  }
  ~SmallDisk() {
    if (mounted) ::umount2(path.c_str(), MNT_DETACH);
  }
  void grow() const { ::mount("tmpfs", path.c_str(), "tmpfs", MS_REMOUNT, "size=64m"); }
  std::filesystem::path path;
  bool mounted;
};

TEST_F(BadInput, FullDisk) {
  const SmallDisk disk(tiny.run_folder());
  if (!disk.mounted) GTEST_SKIP() << "needs the right to mount a file system";
  const auto failed = tiny.run();
  EXPECT_EQ(failed.exit_code, 1) << failed.errors;
  EXPECT_THAT(failed.errors, testing::AnyOf(HasSubstr("No space left on device"), HasSubstr("disk is full")));
  disk.grow();
  const auto continued = tiny.run();
  EXPECT_EQ(continued.exit_code, 0) << continued.errors;
}

}  // namespace
}  // namespace conceptune
