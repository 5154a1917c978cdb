#include "conceptune/experiment/measured_sets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/experiment/written_experiment.h"

namespace conceptune::experiment {
namespace {

using testing::HasSubstr;

constexpr const char* kTwoCorpora =
    "[model]\npath = \"m\"\n[evaluation]\nbenchmarks = [\"men.txt\"]\ngeometry = true\n"
    "[grid]\ncorpus.files = [[\"c4.jsonl.gz\"], [\"owt.jsonl\"]]\nannotation.max_synonyms = [5, 10]\n"
    "[[corpora]]\nfiles = [\"news.txt\"]\npassages = 7\n[[corpora]]\nname = \"held\"\nfiles = "
    "[\"c4-more.txt\"]\n";

TEST(MeasuredSets, HasEverySampleOnceWhoeverAnnotatesItAndCorporaForEvaluationAlone) {
  const WrittenExperiment written;
  const auto experiment = written.load(kTwoCorpora);
  const auto groups = group_by_evaluation(experiment.arms);
  const auto planned = planned_passages(experiment, groups.at(0));
  ASSERT_EQ(planned.size(), 4U);
  EXPECT_EQ(planned[0].name, "c4");
  EXPECT_EQ(planned[0].split, Split::held_out);
  EXPECT_EQ(planned[0].config.annotation.options.max_synonyms, 5);
  EXPECT_EQ(planned[1].name, "owt");
  EXPECT_EQ(planned[2].name, "news");
  EXPECT_EQ(planned[2].split, Split::train);
  EXPECT_EQ(planned[2].config.corpus.passages, 7);
  EXPECT_EQ(planned[2].config.corpus.held_out, 0);
  EXPECT_EQ(planned[3].name, "held");
  EXPECT_EQ(planned[3].config.corpus.passages, 1000);
}

TEST(MeasuredSets, KnowTheirMetrics) {
  const WrittenExperiment written;
  const auto experiment = written.load(kTwoCorpora);
  const auto sets = measured_sets(experiment, group_by_evaluation(experiment.arms).at(0));
  EXPECT_EQ(sets[0].name, "men");
  EXPECT_EQ(sets[0].convention, "in-text");
  EXPECT_TRUE(sets[0].has("spearman"));
  EXPECT_FALSE(sets[0].has("content_nll"));
  EXPECT_TRUE(sets[1].has("content_nll"));
  EXPECT_TRUE(sets[1].has("clustering_score"));
  EXPECT_FALSE(sets[1].has("no metric"));
}

TEST(MeasuredSets, HasNoLimitsOfSetsThatThereAreNot) {
  const WrittenExperiment written;
  const std::string evaluation = "[evaluation]\nbenchmarks = [\"men.txt\"]\nlimits = [";
  EXPECT_EQ(written.problems("[model]\npath = \"m\"\n" + evaluation + "\"men=5\"]\n"), "no error");
  EXPECT_EQ(written.problems("[model]\npath = \"m\"\n" + evaluation + "\"mens=5\"]\n"),
            "reading config: exp.toml, line 5: evaluation.limits has 'mens', which is none of the sets men");
  EXPECT_THAT(written.problems("[model]\npath = \"m\"\n" + evaluation + "\"men:5\"]\n"),
              HasSubstr("line 5: evaluation.limits has 'men:5', expected NAME=COUNT"));
}

}  // namespace
}  // namespace conceptune::experiment
