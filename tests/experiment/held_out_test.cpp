#include "conceptune/experiment/held_out.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace conceptune::experiment {
namespace {

using testing::ElementsAre;

class HeldOut : public testing::Test {
 protected:
  void add(std::string name, std::vector<std::string> files, std::int64_t seed, std::int64_t held_out = 8) {
    Arm arm;
    arm.name = std::move(name);
    for (const auto& file : files) arm.config.corpus.files.push_back(folder_.path() / file);
    arm.config.corpus.seed = seed;
    arm.config.corpus.held_out = held_out;
    experiment_.arms.push_back(std::move(arm));
  }

  void add_corpus(const std::string& file) {
    EvaluationCorpus corpus;
    corpus.options.files = {folder_.path() / file};
    corpus.where = "exp.toml, line 3";
    experiment_.corpora.push_back(std::move(corpus));
  }

  std::vector<HeldOutSet> sets() {
    RunStore store(folder_.path(), RunStore::Access::read_write);
    return held_out_sets(experiment_, group_by_evaluation(experiment_.arms).at(0), store,
                         [](const PlannedPassages& planned) {
                           Product product;
                           product.key = planned.name;
                           return product;
                         });
  }

  test::TemporaryFolder folder_;
  Experiment experiment_;
};

TEST_F(HeldOut, KnowsItsCorpusWhateverItsSampleAndFilesAreCalled) {
  folder_.write("x.txt", "a text");
  folder_.write("copy.txt", "a text");
  folder_.write("y.txt", "another");
  add("one", {"x.txt"}, 1);
  add("two", {"x.txt"}, 2);
  add("same sample", {"x.txt"}, 1);
  add("other", {"y.txt"}, 1);
  add("both", {"y.txt", "copy.txt"}, 1);
  add("unmeasured", {"x.txt"}, 3, 0);
  const auto found = sets();
  ASSERT_EQ(found.size(), 4U);
  EXPECT_EQ(found[0].name, "x");
  EXPECT_THAT(found[0].in_domain, ElementsAre("one", "two", "same sample", "both", "unmeasured"));
  EXPECT_EQ(found[1].name, "x-2");
  EXPECT_EQ(found[1].in_domain, found[0].in_domain);
  EXPECT_EQ(found[2].name, "y");
  EXPECT_THAT(found[2].in_domain, ElementsAre("other", "both"));
  EXPECT_EQ(found[3].name, "y-2");
  EXPECT_THAT(found[3].in_domain, ElementsAre("both"));
}

TEST_F(HeldOut, CorporaForEvaluationAloneAreOutOfDomainAndMustNotBeTrainedOn) {
  folder_.write("x.txt", "a text");
  folder_.write("copy.txt", "a text");
  folder_.write("y.txt", "b text");
  add("one", {"x.txt"}, 1);
  add_corpus("y.txt");
  EXPECT_TRUE(find_overlaps(experiment_).empty());
  const auto found = sets();
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[1].name, "y");
  EXPECT_TRUE(found[1].in_domain.empty());
  add_corpus("copy.txt");
  EXPECT_THAT(find_overlaps(experiment_),
              ElementsAre(testing::AllOf(testing::HasSubstr("exp.toml, line 3: corpora:"),
                                         testing::HasSubstr("arms are trained on"))));
}

TEST_F(HeldOut, HasAnotherNameThanTheBenchmarks) {
  folder_.write("x.txt", "a text");
  add("one", {"x.txt"}, 1);
  experiment_.arms[0].config.evaluation.benchmarks = {
      folder_.write("x.tsv", "dog\thound\t9\ncat\thouse\t1\n")};
  EXPECT_EQ(sets().front().name, "x-2");
}

}  // namespace
}  // namespace conceptune::experiment
