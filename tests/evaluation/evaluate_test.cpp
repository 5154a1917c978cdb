#include "conceptune/evaluation/evaluate.h"

#include <gmock/gmock.h>

#include "conceptune/base/error.h"
#include "conceptune/base/line_reader.h"
#include "conceptune/corpus/passage.h"
#include "conceptune/runtime/matrices/threads.h"
#include "tests/evaluation/small_model.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_model.h"

namespace conceptune::evaluation {
namespace {

/// Counts the stages of work that the model had to do.
class CountStages : public ProgressObserver {
 public:
  void begin(std::string_view, std::int64_t, std::string_view) override { ++stages; }
  void update(std::int64_t, std::string_view) override {}
  void end() override {}
  int stages = 0;
};

class Evaluate : public ::testing::Test {
 protected:
  EvaluationTask task() {
    concepts::ConceptRecord record;
    record.id = "passage";
    record.ids = {10, 20, 30, 40, 50};
    record.words.resize(1);
    record.words[0].position = 2;
    record.words[0].synonyms = {{{31}, "s", 1}};
    concepts::ConceptRecord other = record;
    other.id = "other";
    other.ids = {1, 2, 3, 4};
    return {.model = {"model.gguf", "aa", tokenizer_, decoder_},
            .adapters = {{"lambda-1", "adapters/1", "bb", adapter_}},
            .benchmarks =
                {{"pairs",
                  "pairs.txt",
                  "cc",
                  {{"cat", "dog", 5, 1}, {"cat", "lion", 4, 2}, {"tree", "sea", 1, 3}, {"a", "b", 2, 4}}}},
            .passages = {{"held-out", "data", "dd", {record, other}}},
            .item_folder = folder_.path() / "items"};
  }

  static EvaluationOptions quick() {
    EvaluationOptions options;
    options.bootstrap.samples = 40;
    options.generation.passages = 0;
    return options;
  }

  test::TemporaryFolder folder_;
  std::shared_ptr<const model::Decoder> decoder_ =
      std::make_shared<model::Decoder>(test::byte_config(), test::random_weights(test::byte_config()));
  std::shared_ptr<const tokenizer::Tokenizer> tokenizer_ =
      std::make_shared<tokenizer::Tokenizer>(test::byte_tokenizer());
  std::shared_ptr<const model::LoraAdapter> adapter_ = test::random_adapter(test::byte_config(), {});
};

TEST_F(Evaluate, MeasuresEverySubjectInBothConventions) {
  const Results results = evaluate(task(), quick());
  for (const char* subject : {"base", "lambda-1"}) {
    for (const char* convention : {"paper", "in-text"}) {
      const Measurement* m = results.find(subject, "pairs", "spearman", convention);
      ASSERT_NE(m, nullptr) << subject << convention;
      EXPECT_TRUE(m->value.value);
    }
    ASSERT_NE(results.find(subject, "held-out", "content_perplexity"), nullptr);
    EXPECT_EQ(results.find(subject, "held-out", "global_nll")->n, 7);
  }
  const Measurement* adapted = results.find("lambda-1", "held-out", "content_nll");
  ASSERT_EQ(adapted->comparisons.size(), 2U);
  EXPECT_TRUE(adapted->comparisons[0].p);
  EXPECT_NE(adapted->comparisons[0].difference, 0);
  EXPECT_EQ(results.subjects.size(), 2U);
  EXPECT_EQ(results.data.size(), 2U);
  EXPECT_EQ(results.conventions.size(), 2U);
  EXPECT_EQ(results.item_files.size(), 7U) << "six of subjects, one of words";
  for (const auto& file : results.item_files)
    EXPECT_TRUE(std::filesystem::exists(folder_.path() / file.path));
}

TEST_F(Evaluate, AnswersWhatIsAsked) {
  EvaluationTask task = this->task();
  task.contrasts = {{.question = "q",
                     .plus = "adapted",
                     .minus = "base",
                     .reference = {},
                     .concept_weight = 1,
                     .metric = "global_nll",
                     .sets = {{"held-out", ""}},
                     .seeds = {{"lambda-1", "base", ""}},
                     .margin = 0}};
  task.contrasts.push_back(task.contrasts[0]);
  task.contrasts[1].metric = "spearman";
  task.contrasts[1].sets = {{"pairs", "in-text"}};
  const Results results = evaluate(task, quick());
  ASSERT_EQ(results.answers.size(), 2U);
  EXPECT_DOUBLE_EQ(*results.answers[0].difference.value,
                   results.find("lambda-1", "held-out", "global_nll")->comparisons.at(0).difference);
  EXPECT_FALSE(results.answers[0].interval) << "of two passages";
  EXPECT_EQ(results.answers[1].items, std::vector<std::int64_t>{4});
}

TEST_F(Evaluate, SetsMayHaveLimitsOfTheirOwn) {
  EvaluationOptions options = quick();
  options.limit = 1;
  options.limits = {"pairs=3"};
  const Results results = evaluate(task(), options);
  EXPECT_EQ(results.find("base", "pairs", "spearman")->n, 3);
  EXPECT_EQ(results.find("base", "held-out", "global_nll")->n, 4);
}

TEST_F(Evaluate, ComparesOnPassagesThatNobodyWasTrainedOn) {
  EvaluationTask task = this->task();
  task.passages[0].records[1].text = "other";
  task.passages[0].in_domain = {"lambda-1"};
  evaluate(task, quick());
  task.adapters[0].trained_on = {corpus::passage_id("other"), corpus::passage_id("a third")};
  const Results results = evaluate(task, quick());
  for (const char* subject : {"base", "lambda-1"})
    EXPECT_EQ(results.find(subject, "held-out", "global_nll")->n, 4) << subject;
  const DataUsed& data = results.data.back();
  EXPECT_EQ(data.items, 1);
  EXPECT_EQ(data.trained_on, 1);
  ASSERT_EQ(data.skipped.size(), 1U);
  EXPECT_EQ(data.skipped[0].item, "other");
  EXPECT_EQ(results_from_json(to_json(results), "here").data.back().in_domain,
            std::vector<std::string>{"lambda-1"});
  EXPECT_EQ(results_from_json(to_json(results), "here").data.back().trained_on, 1);

  task.adapters[0].trained_on.insert(corpus::passage_id(""));
  const Results none = evaluate(task, quick());
  EXPECT_EQ(none.find("base", "held-out", "global_nll"), nullptr);
  EXPECT_NE(none.find("base", "pairs", "spearman"), nullptr);
  EXPECT_EQ(none.data.back().items, 0);
  EXPECT_EQ(none.data.back().trained_on, 2);
}

TEST_F(Evaluate, DoesOnlyWhatIsMissing) {
  CountStages first, second, third;
  const Results fresh = evaluate(task(), quick(), &first);
  EXPECT_EQ(first.stages, 6);
  const Results again = evaluate(task(), quick(), &second);
  EXPECT_EQ(second.stages, 0);
  EXPECT_EQ(to_json(again)["measurements"], to_json(fresh)["measurements"]);
  EvaluationTask changed = task();
  changed.adapters[0].hash = "ee";
  evaluate(changed, quick(), &third);
  EXPECT_EQ(third.stages, 3);
}

TEST_F(Evaluate, KeepsWhatWasFinishedBeforeAStop) {
  /// Asks to stop when the third piece of work begins.
  class StopAtThird : public CountStages {
   public:
    void begin(std::string_view stage, std::int64_t total, std::string_view unit) override {
      CountStages::begin(stage, total, unit);
      if (stages == 3) source.request_stop();
    }
    std::stop_source source;
  } observer;
  EXPECT_THROW(evaluate(task(), quick(), &observer, observer.source.get_token()), Interrupted);
  CountStages rest;
  evaluate(task(), quick(), &rest);
  EXPECT_EQ(rest.stages, 4);
}

TEST_F(Evaluate, TakesTheFirstItemsOnly) {
  EvaluationOptions options = quick();
  options.limit = 2;
  const Results results = evaluate(task(), options);
  EXPECT_EQ(results.find("base", "pairs", "spearman")->n, 2);
  options.limit = 1;
  EXPECT_EQ(evaluate(task(), options).find("base", "pairs", "spearman")->value.undefined_because,
            "fewer than two pairs");
}

TEST_F(Evaluate, DoesNotDependOnTheNumberOfThreads) {
  const int before = model::threads();
  const auto run_with = [&](int threads, bool keep_items) {
    EvaluationTask one = task();
    if (!keep_items) one.item_folder.clear();
    EvaluationOptions options = quick();
    options.geometry = true;
    model::set_threads(threads);
    return evaluate(one, options);
  };
  // Values to rounding.
  const Results alone = run_with(1, false), together = run_with(3, false);
  ASSERT_EQ(alone.measurements.size(), together.measurements.size());
  for (std::size_t i = 0; i < alone.measurements.size(); ++i) {
    const double value = *alone.measurements[i].value.value;
    EXPECT_NEAR(*together.measurements[i].value.value, value, 1e-5 * std::max(1.0, std::abs(value)))
        << alone.measurements[i].metric;
  }
  // Statistics of the same items exactly.
  const Results first = run_with(1, true), again = run_with(3, true);
  EXPECT_EQ(to_json(first)["measurements"], to_json(again)["measurements"]);
  model::set_threads(before);
}

TEST_F(Evaluate, RefusesTwoSetsOfOneName) {
  EvaluationTask twice = task();
  twice.benchmarks.push_back(twice.benchmarks[0]);
  EXPECT_THROW(evaluate(twice, quick()), InputError);
  EvaluationTask mixed = task();
  mixed.passages[0].name = "pairs";
  EXPECT_THROW(evaluate(mixed, quick()), InputError);
}

TEST_F(Evaluate, MeasuresGeometryWhenAsked) {
  EvaluationOptions options = quick();
  options.geometry = true;
  CountStages first, second;
  const Results results = evaluate(task(), options, &first);
  EXPECT_EQ(first.stages, 6);  // a pass over the passages serves both of their measures
  EXPECT_EQ(results.find("lambda-1", "held-out", "clustering_score")->n, 2);
  evaluate(task(), options, &second);
  EXPECT_EQ(second.stages, 0);
}

TEST_F(Evaluate, NamesConventions) {
  EvaluationOptions options = quick();
  options.paper_convention = false;
  EXPECT_EQ(evaluate(task(), options).conventions.at(0).name, "in-text");
  options.convention.pooling = generation::Pooling::last;
  EXPECT_EQ(evaluate(task(), options).conventions.at(0).name, "custom");
  options.convention = paper_convention();
  EXPECT_EQ(evaluate(task(), options).conventions.at(0).name, "paper");
}

TEST_F(Evaluate, RefusesUnclearSubjectsAndUselessData) {
  EvaluationTask twice = task();
  twice.adapters.push_back(twice.adapters[0]);
  EXPECT_THROW(evaluate(twice, quick()), InputError);
  EvaluationTask stranger = task();
  stranger.references = {"nobody"};
  EXPECT_THROW(evaluate(stranger, quick()), InputError);
  EvaluationTask useless = task();
  for (auto& record : useless.passages[0].records) record = {"short", "", {1}, {}};
  EXPECT_THROW(evaluate(useless, quick()), InputError);
}

TEST_F(Evaluate, AFullyTrainedModelIsASubjectOfItsOwn) {
  weights::ModelConfig config = test::byte_config();
  const auto scaled = [load = test::random_weights(config)](std::string_view name) {
    const model::Matrix matrix = load(name);
    for (std::int64_t i = 0; i < matrix.size(); ++i) matrix.values()[i] *= 1.1F;
    return matrix;
  };
  EvaluationTask with_model = task();
  with_model.adapters.push_back(
      {"full", "run/best", "ff", nullptr, std::make_shared<model::Decoder>(config, scaled)});
  const Results results = evaluate(with_model, quick());
  const auto alone = std::make_shared<model::Decoder>(config, scaled);
  const EvaluationTask as_base{.model = {"other.gguf", "ff", tokenizer_, alone},
                               .adapters = {},
                               .benchmarks = {},
                               .passages = task().passages,
                               .item_folder = {}};
  const Results expected = evaluate(as_base, quick());
  EXPECT_EQ(results.find("full", "held-out", "global_nll")->value.value,
            expected.find("base", "held-out", "global_nll")->value.value);
  EXPECT_NE(results.find("full", "held-out", "global_nll")->value.value,
            results.find("base", "held-out", "global_nll")->value.value);
}

TEST_F(Evaluate, LoadsAModelFolderOfTheSameVocabulary) {
  test::write_tiny_model(folder_.path());
  const auto config = weights::WeightStore::open(folder_.path())->config();
  EXPECT_NE(load_evaluated_adapter(folder_.path(), config).decoder, nullptr);
  EXPECT_THROW(load_evaluated_adapter(folder_.path(), test::byte_config()), InputError);
}

TEST_F(Evaluate, RefusesAnAdapterOfAnotherModel) {
  model::save_adapter(folder_.path() / "a", *adapter_, "byte model", "");
  // A slash at the end does not change the name.
  EXPECT_EQ(load_evaluated_adapter(folder_.path() / "a" / "", test::byte_config()).name, "a");
  weights::ModelConfig wider = test::byte_config();
  wider.width *= 2;
  EXPECT_THROW(load_evaluated_adapter(folder_.path() / "a", wider), InputError);
}

TEST_F(Evaluate, RefusesAnAdapterThatIsNone) {
  EXPECT_THROW(load_evaluated_adapter(folder_.path(), test::byte_config()), InputError);
}

TEST_F(Evaluate, WritesContinuationsSideBySide) {
  EvaluationOptions options = quick();
  options.generation.passages = 1;
  options.generation.new_tokens = 5;
  options.generation.prompts = {"cat"};
  CountStages again;
  const Results results = evaluate(task(), options);
  ASSERT_EQ(results.samples.size(), 2U);
  EXPECT_EQ(results.samples[0].benchmark, "held-out");
  EXPECT_EQ(results.samples[0].item, "passage");
  EXPECT_EQ(results.samples[1].prompt, "cat");
  for (const auto& sample : results.samples) {
    ASSERT_EQ(sample.continuations.size(), 2U);
    EXPECT_EQ(sample.continuations[0].subject, "base");
    EXPECT_EQ(sample.continuations[1].subject, "lambda-1");
    EXPECT_NE(sample.continuations[0].text, sample.continuations[1].text);
  }
  const Results kept = evaluate(task(), options, &again);
  EXPECT_EQ(again.stages, 0);
  EXPECT_EQ(kept.samples, results.samples);
  EXPECT_EQ(results_from_json(to_json(kept), "test").samples, results.samples);
}

}  // namespace
}  // namespace conceptune::evaluation
