// The programs of examples/ do what their pages say, on a tiny model.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>

#include "conceptune/base/file.h"
#include "tests/pipeline/tiny_experiment.h"

namespace conceptune {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;

struct Outcome {
  int status;
  std::string output;  // with its errors
};

Outcome run_example(const std::string& name, const std::string& words) {
  const std::string command =
      fmt::format("CONCEPTUNE_ENGLISH_PIPELINE='{}' OMP_NUM_THREADS=1 '{}/{}' {} 2>&1",
                  test::input("en_core_web_sm").string(), CONCEPTUNE_EXAMPLES_DIR, name, words);
  FILE* const pipe = ::popen(command.c_str(), "r");
  Outcome outcome{-1, ""};
  std::array<char, 4096> part;
  while (std::fgets(part.data(), part.size(), pipe)) outcome.output += part.data();
  outcome.status = ::pclose(pipe);
  return outcome;
}

std::string path_text(const test::TinyExperiment& tiny, const char* name) { return tiny.path(name).string(); }

TEST(Examples, GoFromATextToAMeasuredAdapterThatScoresTexts) {
  CONCEPTUNE_REQUIRE_LANGUAGE_DATA();
  const test::TinyExperiment tiny;
  const auto way = run_example("annotate_train_evaluate",
                               fmt::format("{} {} {}", path_text(tiny, "model"),
                                           path_text(tiny, "corpus.txt"), path_text(tiny, "out")));
  ASSERT_EQ(way.status, 0) << way.output;
  EXPECT_THAT(way.output,
              ContainsRegex("[0-9]+ passages, [0-9]+ content words, [0-9]+ of them with synonyms"));
  EXPECT_THAT(way.output, ContainsRegex("base +content_perplexity +[0-9.]+  \\["));
  EXPECT_THAT(way.output, ContainsRegex("best +concept_mass +[0-9.]+  \\["));

  tiny.write("texts", "The dog walked to the house.\n\nA cat ran.\n");
  const auto scores =
      run_example("score_texts", fmt::format("{} {} < {}", path_text(tiny, "model"),
                                             path_text(tiny, "out/run"), path_text(tiny, "texts")));
  ASSERT_EQ(scores.status, 0) << scores.output;
  EXPECT_THAT(
      scores.output,
      ContainsRegex("[0-9.]+ +[0-9.]+  The dog walked to the house.\n *[0-9.]+ +[0-9.]+  A cat ran.\n$"));

  const auto loss =
      run_example("own_loss", fmt::format("{} {} {}", path_text(tiny, "model"), path_text(tiny, "out/train"),
                                          path_text(tiny, "own")));
  ASSERT_EQ(loss.status, 0) << loss.output;
  EXPECT_THAT(loss.output, ContainsRegex("step +[0-9]+  missing mass 0\\.[0-9]+\n"));
  EXPECT_THAT(read_file(tiny.path("own/run.json"), "testing"), HasSubstr("missing-mass"));
}

TEST(Examples, AnnotateByASourceOfTheirOwn) {
  CONCEPTUNE_REQUIRE_LANGUAGE_DATA();
  const test::TinyExperiment tiny;
  const auto outcome =
      run_example("own_source", fmt::format("{} {} {}", path_text(tiny, "model"),
                                            path_text(tiny, "corpus.txt"), path_text(tiny, "dataset")));
  ASSERT_EQ(outcome.status, 0) << outcome.output;
  // The tiny vocabulary has the beginnings of all its words as tokens.
  EXPECT_THAT(outcome.output, ContainsRegex("[1-9][0-9]* content words, [1-9][0-9]* of them with"));
  EXPECT_THAT(outcome.output, ContainsRegex("street: (.* )?stre"));
  EXPECT_THAT(read_file(tiny.path("dataset/dataset.json"), "testing"), HasSubstr("\"same-beginning\""));
  const auto again =
      run_example("own_source", fmt::format("{} {} {}", path_text(tiny, "model"),
                                            path_text(tiny, "corpus.txt"), path_text(tiny, "dataset")));
  EXPECT_NE(again.status, 0);
  EXPECT_THAT(again.output, HasSubstr("is not empty"));
}

TEST(Examples, SayHowTheyAreCalled) {
  for (const char* name : {"annotate_train_evaluate", "own_source", "own_loss", "score_texts"})
    EXPECT_THAT(run_example(name, "").output, HasSubstr(fmt::format("usage: {} MODEL", name)));
}

}  // namespace
}  // namespace conceptune
