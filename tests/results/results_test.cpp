#include "conceptune/results/results.h"

#include <gmock/gmock.h>

#include "conceptune/base/error.h"
#include "tests/support/temporary_folder.h"

namespace conceptune::evaluation {
namespace {

Results some_results() {
  Results results;
  results.subjects = {{"base", "model.gguf", "aa"}, {"lambda-1", "adapters/1", "bb"}};
  results.data = {{.benchmark = "simlex999",
                   .path = "simlex999.txt",
                   .hash = "cc",
                   .items = 998,
                   .skipped = {{"line 7", "longer than the context"}}}};
  results.item_files = {{"base", "simlex999", "paper", "items/simlex999.jsonl.zst"}};
  results.conventions = {{"paper", {{"leading_space", false}}}};
  results.bootstrap.seed = 7;
  results.measurements = {{.subject = "lambda-1",
                           .benchmark = "simlex999",
                           .metric = "spearman",
                           .convention = "paper",
                           .value = Statistic::of(0.25),
                           .interval = Interval{0.2, 0.3},
                           .n = 998,
                           .unit = "pairs",
                           .resampled = "pairs",
                           .comparisons = {{.reference = "base",
                                            .unit = "pairs",
                                            .difference = 0.05,
                                            .interval = Interval{0.01, 0.09},
                                            .p = 0.004}}},
                          {.subject = "base",
                           .benchmark = "simlex999",
                           .metric = "pearson",
                           .convention = "paper",
                           .value = Statistic::undefined("all values of one sample are equal"),
                           .interval = std::nullopt,
                           .n = 998,
                           .unit = "pairs",
                           .resampled = "pairs",
                           .comparisons = {}}};
  results.answers = {{.contrast = {.question = "what do synonyms add",
                                   .plus = "concepts",
                                   .minus = "content-only",
                                   .reference = "next-token",
                                   .concept_weight = 0.5,
                                   .metric = "spearman",
                                   .sets = {{"simlex999", "paper"}},
                                   .seeds = {{"concepts, seed 1", "content-only, seed 1", "next-token"}},
                                   .margin = 0.01},
                      .items = {998},
                      .resampled = "pairs",
                      .difference = Statistic::of(0.02),
                      .by_seed = {0.02},
                      .interval = Interval{0.01, 0.03},
                      .seed_interval = std::nullopt,
                      .p = 0.001,
                      .explained = 0.5,
                      .explained_interval = Interval{0.25, 0.75}}};
  results.seconds = 1.5;
  return results;
}

TEST(Results, SurviveAFile) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "results.json";
  const Results written = some_results();
  write_results(path, written);
  const Results read = read_results(path);
  EXPECT_EQ(to_json(read), to_json(written));
  EXPECT_EQ(read.answers.at(0).contrast, written.answers[0].contrast);
  EXPECT_EQ(read.measurements[0].comparisons[0].interval, (Interval{0.01, 0.09}));
  EXPECT_FALSE(read.measurements[1].value.value);
  EXPECT_EQ(read.data[0].skipped[0].reason, "longer than the context");
}

TEST(Results, FindsAMeasurement) {
  const Results results = some_results();
  ASSERT_NE(results.find("lambda-1", "simlex999", "spearman"), nullptr);
  EXPECT_EQ(results.find("lambda-1", "simlex999", "spearman", "other"), nullptr);
  EXPECT_EQ(results.find("base", "simlex999", "spearman"), nullptr);
}

TEST(Results, RefuseAnotherFormat) {
  Json document = to_json(some_results());
  document["version"] = 2;
  EXPECT_THROW(results_from_json(document, "r.json"), InputError);
  document = to_json(some_results());
  document["measurements"][0]["n"] = "many";
  EXPECT_THROW(results_from_json(document, "r.json"), InputError);
  document["measurements"][0].erase("n");
  EXPECT_THROW(results_from_json(document, "r.json"), InputError);
  try {
    results_from_json(Json::array(), "r.json");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("r.json"));
  }
}

}  // namespace
}  // namespace conceptune::evaluation
