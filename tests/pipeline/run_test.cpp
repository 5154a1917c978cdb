// The whole path through the program: cached, interrupted, continued.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "conceptune/base/file.h"
#include "conceptune/corpus/passage.h"
#include "conceptune/corpus/passage_ids.h"
#include "conceptune/experiment/stage_cache.h"
#include "conceptune/training/loss/losses.h"
#include "tests/pipeline/tiny_experiment.h"
#include "tests/support/hostile_text.h"

namespace conceptune {
namespace {

using testing::HasSubstr;
using Counts = std::map<std::string, int>;

/// Content of the adapter that was trained for an arm.
std::string adapter_bytes(const test::TinyExperiment& tiny, const std::string& arm) {
  experiment::RunStore store(tiny.run_folder(), experiment::RunStore::Access::read_only);
  for (const auto& stage : store.stage_runs())
    if (stage.stage == "train" && stage.subject == arm && stage.outcome == "done")
      return read_file(store.find_product(stage.product_key)->folder / "best" / "adapter_model.safetensors",
                       "reading");
  return "no adapter of " + arm;
}

bool has_file(const std::filesystem::path& folder, std::string_view name) {
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error))
    if (at->path().filename() == name) return true;
  return false;
}

TEST(RunPipeline, GoesFromTextToReportAndDoesNothingTheSecondTime) {
  CONCEPTUNE_REQUIRE_LANGUAGE_DATA();
  const test::TinyExperiment tiny;
  const auto first = tiny.run();
  ASSERT_EQ(first.exit_code, 0) << first.errors;
  EXPECT_THAT(first.output, HasSubstr("pairs Spearman"));
  EXPECT_THAT(first.output, HasSubstr("passages of corpus\narm    content-word perplexity"));
  EXPECT_THAT(first.output, HasSubstr((tiny.run_folder() / "report.html").string()));
  EXPECT_EQ(tiny.outcomes(),
            (Counts{{"corpus done", 1}, {"annotate done", 2}, {"train done", 2}, {"evaluate done", 1}}));
  const std::string html = read_file(tiny.run_folder() / "report.html", "reading");
  EXPECT_THAT(html, HasSubstr("<mark>"));
  EXPECT_THAT(html, testing::Not(HasSubstr("nan")));
  EXPECT_TRUE(std::filesystem::exists(tiny.run_folder() / "tables" / "summary.csv"));

  const auto second = tiny.run();
  ASSERT_EQ(second.exit_code, 0) << second.errors;
  EXPECT_EQ(second.output, first.output);
  const auto counts = tiny.outcomes();
  EXPECT_EQ(counts.at("train done"), 2);
  EXPECT_EQ(counts.at("train reused"), 2);
  EXPECT_EQ(counts.at("evaluate reused"), 1);

  std::filesystem::remove(tiny.run_folder() / "report.html");
  const auto report = test::run_program({"report", tiny.run_folder().string()});
  EXPECT_EQ(report.exit_code, 0) << report.errors;
  EXPECT_TRUE(std::filesystem::exists(tiny.run_folder() / "report.html"));
}

corpus::PassageIds ids_in(const std::filesystem::path& passages) {
  corpus::PassageIds ids;
  for (const auto& passage : corpus::read_passages(passages)) ids.insert(passage.id);
  return ids;
}

// Two samples of one corpus: what one arm trains on is held out for the other.
TEST(RunPipeline, ComparesOnPassagesThatNoArmWasTrainedOn) {
  CONCEPTUNE_REQUIRE_LANGUAGE_DATA();
  const test::TinyExperiment tiny;
  std::string config = read_file(tiny.config(), "reading");
  config.replace(config.find("training.objective.concept_weight = ["), std::string::npos,
                 "corpus.seed = [1, 2]\n");
  tiny.write("tiny.toml", config);
  const auto result = tiny.run();
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  experiment::RunStore store(tiny.run_folder(), experiment::RunStore::Access::read_only);
  corpus::PassageIds trained;
  std::vector<corpus::PassageIds> held_out;
  for (const auto& product : store.products()) {
    if (product.stage != "corpus") continue;
    trained.merge(ids_in(product.folder / "train.jsonl"));
    held_out.push_back(ids_in(product.folder / "held-out.jsonl"));
  }
  ASSERT_EQ(held_out.size(), 2U);
  const auto results = store.results();
  const auto& data = results.evaluations.at(0).results.data;
  for (std::size_t i = 0; i < 2; ++i) {
    const auto& used = data.at(1 + i);
    EXPECT_EQ(used.benchmark, i == 0 ? "corpus" : "corpus-2");
    EXPECT_EQ(used.in_domain, (std::vector<std::string>{"seed 1", "seed 2"}));
    const auto seen = std::count_if(held_out[i].begin(), held_out[i].end(),
                                    [&](const auto& id) { return trained.contains(id); });
    EXPECT_GT(seen, 0);
    EXPECT_EQ(used.trained_on, seen);
    EXPECT_EQ(used.items, static_cast<std::int64_t>(held_out[i].size()) - seen);
  }
  EXPECT_THAT(result.errors, HasSubstr("was trained on it"));
}

#ifndef CONCEPTUNE_HAS_TORCH
TEST(RunPipeline, RefusesToTrainAllWeightsWhereNothingDoesBeforeAnythingIsMade) {
  CONCEPTUNE_REQUIRE_LANGUAGE_DATA();
  const test::TinyExperiment tiny;
  const auto checked = test::run_program({"check", tiny.config().string(), "--set", "training.method=full"});
  EXPECT_EQ(checked.exit_code, 2);
  EXPECT_THAT(checked.errors, HasSubstr("which needs libtorch"));
  const auto result = tiny.run({"training.method=full"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.errors, HasSubstr("which needs libtorch"));
  EXPECT_FALSE(std::filesystem::exists(tiny.run_folder()));
}
#else
TEST(RunPipeline, TrainsAllWeightsAndEvaluatesTheirModels) {
  CONCEPTUNE_REQUIRE_LANGUAGE_DATA();
  const test::TinyExperiment tiny;
  const auto result = tiny.run({"training.method=full", "training.batch.multi_token_synonyms=product"});
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.output, HasSubstr("passages of corpus\narm    content-word perplexity"));
  EXPECT_TRUE(has_file(tiny.run_folder() / "products", "model.safetensors"));
  EXPECT_FALSE(has_file(tiny.run_folder() / "products", "adapter_model.safetensors"));
}
#endif

TEST(RunPipeline, TakesEveryLossToTheReportWhichTellsConceptsFromControls) {
  CONCEPTUNE_REQUIRE_LANGUAGE_DATA();
  const test::TinyExperiment tiny;
  Json losses = Json::array();
  for (const auto& loss : training::Loss::all()) losses.push_back(std::string(loss.name()));
  const std::vector<std::string> settings = {
      "grid.training.objective.loss=" + losses.dump(), "grid.training.objective.concept_weight=[0.5]",
      "training.objective.soft_targets.weights=scores", "annotation.wordnet.use_candidates=false",
      "training.batch.multi_token_synonyms=product"};
  std::vector<std::string> check = {"check", tiny.config().string()};
  for (const auto& setting : settings) check.insert(check.end(), {"--set", setting});
  const auto checked = test::run_program(check);
  ASSERT_EQ(checked.exit_code, 0) << checked.errors;
  const auto result = tiny.run(settings);
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  const auto table = [&](const char* name) {
    return read_file(tiny.run_folder() / "tables" / name, "reading");
  };
  for (const auto& loss : training::Loss::all()) {
    const auto arm = fmt::format("loss {}", loss.name());
    EXPECT_THAT(table("summary.csv"), HasSubstr(arm));
    EXPECT_THAT(checked.output, HasSubstr(arm));
    for (const auto& other : training::Loss::all()) {
      const auto beside = HasSubstr(fmt::format(",{},loss {},", arm, other.name()));
      if (loss.rule().uses_synonyms && !other.rule().uses_synonyms)
        EXPECT_THAT(table("answers.csv"), beside);
      else
        EXPECT_THAT(table("answers.csv"), testing::Not(beside));
    }
  }
}

TEST(RunPipeline, AChangedSettingRemakesOnlyWhatDependsOnIt) {
  CONCEPTUNE_REQUIRE_LANGUAGE_DATA();
  const test::TinyExperiment tiny;
  ASSERT_EQ(tiny.run().exit_code, 0);
  ASSERT_EQ(tiny.run({"grid.training.objective.concept_weight=[0.0, 0.5]"}).exit_code, 0);
  const auto counts = tiny.outcomes();
  EXPECT_EQ(counts.at("corpus done"), 1);
  EXPECT_EQ(counts.at("annotate done"), 2);
  EXPECT_EQ(counts.at("train done"), 3);  // λ = 0 is there already
  EXPECT_EQ(counts.at("evaluate done"), 2);
}

TEST(RunPipeline, ArmsAreEvaluatedUnderTheirOwnSettings) {
  CONCEPTUNE_REQUIRE_LANGUAGE_DATA();
  const test::TinyExperiment tiny;
  const auto result = tiny.run({"grid.evaluation.convention.layer=[0, -1]"});
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  const auto counts = tiny.outcomes();
  EXPECT_EQ(counts.at("train done"), 2) << "the layer is none of the training's";
  EXPECT_EQ(counts.at("evaluate done"), 2);
  std::set<std::string> of_base;
  std::istringstream table(read_file(tiny.run_folder() / "tables" / "measurements.csv", "reading"));
  for (std::string line; std::getline(table, line);)
    if (line.find("base") != std::string::npos && line.find("pearson") != std::string::npos)
      of_base.insert(line);
  EXPECT_EQ(of_base.size(), 4U) << "two conventions at each of two layers";
}

TEST(RunPipeline, GoesOnAfterCtrlCToTheSameBytes) {
  CONCEPTUNE_REQUIRE_LANGUAGE_DATA();
  const test::TinyExperiment undisturbed, tiny;
  const std::vector<std::string> longer = {"training.epochs=12"};
  ASSERT_EQ(undisturbed.run(longer).exit_code, 0);
  const auto training_began = [&] { return has_file(tiny.run_folder() / "products", "log.jsonl"); };
  const auto stopped = test::run_program_until(training_began, SIGINT, tiny.arguments(longer));
  ASSERT_NE(stopped.exit_code, 0);
  EXPECT_THAT(tiny.outcomes(), testing::Contains(testing::Pair("train interrupted", 1))) << stopped.errors;
  const auto resumed = tiny.run(longer);
  ASSERT_EQ(resumed.exit_code, 0) << resumed.errors;
  EXPECT_EQ(tiny.outcomes().at("annotate done"), 2);
  EXPECT_EQ(adapter_bytes(tiny, "λ 0.0"), adapter_bytes(undisturbed, "λ 0.0"));
  EXPECT_EQ(adapter_bytes(tiny, "λ 1.0"), adapter_bytes(undisturbed, "λ 1.0"));
}

TEST(RunPipeline, GoesOnAfterItWasKilledBetweenStages) {
  CONCEPTUNE_REQUIRE_LANGUAGE_DATA();
  const test::TinyExperiment tiny;
  const auto annotated = [&] { return has_file(tiny.run_folder() / "products", "records.jsonl.zst"); };
  test::run_program_until(annotated, SIGKILL, tiny.arguments());
  const auto resumed = tiny.run();
  ASSERT_EQ(resumed.exit_code, 0) << resumed.errors;
  EXPECT_EQ(tiny.outcomes().at("corpus done"), 1);
  EXPECT_EQ(tiny.outcomes().at("corpus reused"), 1);
}

TEST(RunPipeline, NamesOfArmsCannotTakeOverTheTerminal) {
  CONCEPTUNE_REQUIRE_LANGUAGE_DATA();
  const test::TinyExperiment tiny;
  tiny.write("tiny.toml", read_file(tiny.config(), "reading") + "[[arms]]\nname = \"" + test::kHostileShown +
                              "\"" + "\ntraining.objective.concept_weight = 0.5\ntraining.epochs = 1\n");
  const auto result = tiny.run();
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.output, HasSubstr(test::kHostileShown));  // the summary
  EXPECT_THAT(result.errors, HasSubstr(test::kHostileShown));  // the stages
  test::expect_harmless(result.output);
  test::expect_harmless(result.errors);
}

}  // namespace
}  // namespace conceptune
