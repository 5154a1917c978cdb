#include "conceptune/experiment/questions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conceptune/experiment/evaluation_group.h"
#include "tests/experiment/written_experiment.h"

namespace conceptune::experiment {
namespace {

using evaluation::Contrast;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<Contrast> contrasts_in(const std::string& toml) {
  const WrittenExperiment written;
  const auto experiment = written.load(toml);
  return contrasts_of(experiment, group_by_evaluation(experiment.arms).at(0));
}

std::string question(const std::string& keys) { return kStudy + "[[questions]]\nname = \"q\"\n" + keys; }

TEST(Questions, CompareAtOneWeightAndSeed) {
  const auto contrasts = contrasts_in(question(
      "arms = [\"concepts\"]\nminus = [\"content-only\"]\nmetrics = [\"spearman\"]\nsets = [\"men\"]\n"));
  ASSERT_EQ(contrasts.size(), 2U);
  EXPECT_EQ(contrasts[0].plus, "concepts, λ 0.5");
  EXPECT_EQ(contrasts[0].minus, "content-only, λ 0.5");
  EXPECT_EQ(contrasts[0].concept_weight, 0.5);
  EXPECT_EQ(contrasts[0].sets, (std::vector<evaluation::ContrastSet>{{"men", "in-text"}}));
  ASSERT_EQ(contrasts[0].seeds.size(), 3U);
  EXPECT_EQ(contrasts[0].seeds[1].plus, "concepts, seed 2, λ 0.5");
  EXPECT_EQ(contrasts[0].seeds[1].minus, "content-only, seed 2, λ 0.5");
  EXPECT_EQ(contrasts[0].margin, 0.01);
}

TEST(Questions, TakeTheSeedsThatBothSidesHave) {
  const auto contrasts =
      contrasts_in(question("arms = [\"concepts\"]\nminus = [\"next-token\", \"base\"]\nweights = "
                            "[1.0]\nmetrics = [\"content_nll\"]\n"));
  ASSERT_EQ(contrasts.size(), 2U);
  EXPECT_EQ(contrasts[0].minus, "base");
  EXPECT_EQ(contrasts[0].seeds.size(), 3U);
  EXPECT_EQ(contrasts[0].sets.at(0).benchmark, "c4");
  EXPECT_EQ(contrasts[1].minus, "next-token");
  EXPECT_EQ(contrasts[1].seeds.size(), 2U);
}

TEST(Questions, MayAskForTheMeanOfSetsAndForTheShareOfAGain) {
  const auto contrasts = contrasts_in(
      question("arms = [\"concepts, λ 1.0\"]\nminus = [\"content-only\"]\nmean_of_sets = true\nmetrics = "
               "[\"spearman\"]\ngain_over = \"base\"\nmargin = 0.02\n"));
  ASSERT_EQ(contrasts.size(), 2U) << "an arm named in full is compared with all of the other side";
  EXPECT_EQ(contrasts[1].sets.size(), 2U);
  EXPECT_EQ(contrasts[1].reference, "base");
  EXPECT_EQ(contrasts[1].seeds[0].reference, "base");
  EXPECT_EQ(contrasts[1].margin, 0.02);
}

TEST(Questions, AShareNeedsTheReferenceOfEverySeed) {
  const auto contrasts = contrasts_in(
      question("arms = [\"concepts\"]\nminus = [\"content-only\"]\ngain_over = \"next-token\"\n"));
  EXPECT_TRUE(contrasts.at(0).reference.empty()) << "next-token lacks seed 1";
}

TEST(Questions, StandWhereNoneAreGiven) {
  std::vector<std::string> asked;
  for (const auto& contrast : contrasts_in(kStudy))
    if (contrast.metric == "global_nll") asked.push_back(contrast.plus + " − " + contrast.minus);
  EXPECT_THAT(asked,
              ElementsAre("concepts, λ 0.5 − base", "concepts, λ 1.0 − base", "content-only, λ 0.5 − base",
                          "content-only, λ 1.0 − base", "next-token − base", "concepts, λ 0.5 − next-token",
                          "concepts, λ 1.0 − next-token", "content-only, λ 0.5 − next-token",
                          "content-only, λ 1.0 − next-token", "concepts, λ 0.5 − content-only, λ 0.5",
                          "concepts, λ 1.0 − content-only, λ 1.0"));
}

TEST(Questions, RaiseTheResamplesToWhatHolmNeeds) {
  const WrittenExperiment written;
  const auto experiment = written.load(kStudy);
  // 11 comparisons on two benchmarks, and on two metrics of the passages.
  EXPECT_EQ(contrast_resamples(experiment), 44 * 200);
}

TEST(Questions, OfWhatIsNotThereAreErrorsAtTheirLine) {
  const WrittenExperiment written;
  EXPECT_EQ(
      written.problems(question("arms = [\"concept\"]\nminus = [\"base\"]\n")),
      "reading config: exp.toml, line 21: questions.arms has 'concept', which no arm is called; there are "
      "concepts; content-only; next-token");
  EXPECT_THAT(written.problems(question("arms = [\"concepts\"]\nminus = [\"base\"]\nmargin = -0.1\n")),
              HasSubstr("exp.toml, line 23: questions: margin is -0.1, expected a number, at least 0"));
  EXPECT_THAT(written.problems(question("arms = [\"concepts\"]\nminus = [\"base\"]\nmetrics = [\"acc\"]\n")),
              HasSubstr("line 23: questions.metrics has 'acc', which none of the sets has"));
  EXPECT_THAT(written.problems(question("arms = [\"concepts\"]\nminus = [\"base\"]\nmetrics = [\"nll\"]\n")),
              HasSubstr("'nll', which is no metric"));
  EXPECT_THAT(
      written.problems(question("arms = [\"concepts\"]\nminus = [\"base\"]\nsets = [\"simlex\"]\n")),
      HasSubstr("line 23: questions.sets has 'simlex', which is none of the sets c4, men, simlex999"));
  EXPECT_THAT(written.problems(question("arms = [\"concepts\"]\n")), HasSubstr("questions.minus is empty"));
  EXPECT_THAT(written.problems(question("arm = [\"concepts\"]\n")),
              HasSubstr("line 21: questions: unknown key 'arm', did you mean 'arms'?"));
}

TEST(Questions, SeedsThatPairWithNothingAreAnError) {
  const WrittenExperiment written;
  EXPECT_EQ(
      written.problems(question("arms = [\"late\"]\nminus = [\"next-token\"]\n[[arms]]\nname = \"late\"\n"
                                "grid.training.seed = [7]\n")),
      "reading config: exp.toml, line 20: questions: no seed has both sides at the same λ, so nothing can "
      "be compared");
}

TEST(Questions, MoreThanResamplesCanDecideAreAnError) {
  const WrittenExperiment written;
  std::string weights;
  for (int i = 0; i <= 200; ++i) weights += (i > 0 ? ", " : "") + std::to_string(0.005 * i);
  EXPECT_THAT(
      written.problems("[model]\npath = \"m\"\n[corpus]\nfiles = [\"c4.jsonl\"]\n[evaluation]\nbenchmarks "
                       "= [\"a.txt\", \"b.txt\", \"c.txt\"]\n[grid]\n"
                       "training.objective.concept_weight = [" +
                       weights + "]\n"),
      testing::AllOf(HasSubstr("resamples"), HasSubstr("[[questions]]")));
}

}  // namespace
}  // namespace conceptune::experiment
