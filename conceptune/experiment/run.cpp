#include "conceptune/experiment/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <set>

#include "conceptune/base/destination.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/input_errors.h"
#include "conceptune/concepts/read_options.h"
#include "conceptune/concepts/source_kinds.h"
#include "conceptune/experiment/arm_adapters.h"
#include "conceptune/experiment/card_results.h"
#include "conceptune/experiment/held_out.h"
#include "conceptune/experiment/results.h"
#include "conceptune/experiment/stage_progress.h"
#include "conceptune/experiment/stages.h"
#include "conceptune/results/subject_names.h"
#include "conceptune/runtime/generation/language_model.h"
#include "conceptune/runtime/matrices/threads.h"
#include "conceptune/runtime/model/adapter_card.h"
#include "conceptune/training/models/guest_trainables.h"

namespace conceptune::experiment {
namespace {

namespace fs = std::filesystem;

/// Looks at each different input once and keeps what is wrong with it.
class InputChecker {
 public:
  void look(const std::string& key, const fs::path& path, const std::function<void(const fs::path&)>& open) {
    look(key, key, path, open);
  }
  /// `what` tells apart looks at one path. Nothing is asked of a path that could not be opened before.
  void look(const std::string& what, const std::string& key, const fs::path& path,
            const std::function<void(const fs::path&)>& open) {
    if (!seen_.insert(what + '\0' + path.string()).second || unusable_.contains(path)) return;
    try {
      open(path);
    } catch (const InputError& error) {
      problems_.push_back(fmt::format("{}: {}", key, error.what()));
      unusable_.insert(path);
    }
  }

  void require(bool given, const std::string& key, std::string_view expected) {
    if (given || !seen_.insert(key).second) return;
    problems_.push_back(fmt::format("{}: not set, expected {}", key, expected));
  }

  std::vector<std::string> problems() { return std::move(problems_); }

 private:
  std::set<std::string> seen_;
  std::set<fs::path> unusable_;
  std::vector<std::string> problems_;
};

void look_at_model(InputChecker& checker, const std::string& key, const fs::path& path) {
  checker.look(key, path, [](const fs::path& of_model) {
    const generation::LanguageModel model(of_model);
    model.config();
    model.tokenizer();
  });
}

void look_at_source(InputChecker& checker, const RunConfig& config) {
  const auto& options = config.annotation.options;
  const generation::LanguageModel annotating(config.annotation.model.empty() ? config.model.path
                                                                             : config.annotation.model);
  for (const auto& input : concepts::source_kind(options).inputs(options, annotating)) {
    const std::string key = "annotation." + input.key;
    if (!input.expected.empty()) checker.require(!input.path.empty(), key, input.expected);
    if (!input.path.empty()) checker.look(key, input.path, input.look);
  }
}

/// What only the base model can tell: its layers, its vocabulary, its context, where it may run.
void look_at_use_of_model(InputChecker& checker, const RunConfig& config) {
  const auto& options = config.evaluation.options;
  const std::string settings = to_json_text(options_to_json(options)) +
                               to_json_text(options_to_json(config.model.decoder)) +
                               std::string(name_of(config.training.method));
  checker.look("evaluation" + settings, "evaluation", config.model.path, [&](const fs::path& path) {
    training::check_trainable(config.training.method, config.model.decoder);
    const generation::LanguageModel model(path);
    evaluation::check_options(options, *model.tokenizer(), model.config());
  });
}

void look_at_inputs(InputChecker& checker, const RunConfig& config) {
  checker.require(!config.model.path.empty(), "model.path", "a GGUF file or a model folder");
  if (!config.model.path.empty()) {
    look_at_model(checker, "model.path", config.model.path);
    look_at_use_of_model(checker, config);
  }
  if (!config.annotation.model.empty()) look_at_model(checker, "annotation.model", config.annotation.model);
  checker.require(!config.corpus.files.empty(), "corpus.files", "at least one file");
  for (const auto& file : config.corpus.files)
    checker.look("corpus.files", file, [](const fs::path& pattern) { corpus::expand_files({pattern}); });
  checker.look("annotation.english_pipeline", config.annotation.english_pipeline, [](const fs::path& folder) {
    words::EnglishPipeline::load(
        words::find_english_pipeline(folder.empty() ? std::nullopt : std::optional(folder)));
  });
  look_at_source(checker, config);
  std::set<std::string> benchmarks;
  for (const auto& file : config.evaluation.benchmarks) {
    checker.look("evaluation.benchmarks", file,
                 [](const fs::path& path) { evaluation::read_pair_benchmark(path); });
    const std::string name = evaluation::benchmark_name(file);
    checker.require(benchmarks.insert(name).second, "evaluation.benchmarks " + name,
                    "files of different names: two are called '" + name + "'");
  }
  config.evaluation.tasks.for_each([&](evaluation::ChoiceTask task, const fs::path& file) {
    checker.look("evaluation.tasks", file,
                 [task](const fs::path& path) { evaluation::read_choice_task(task, path); });
  });
}

/// Passes on what it is told, and tells it to other processes by the claim of what is being made.
class ToldProgress : public ProgressObserver {
 public:
  ToldProgress(StageCache& cache, ProgressObserver* next) : cache_(cache), next_(next) {}

  void begin(std::string_view stage, std::int64_t total, std::string_view unit) override {
    progress_ = {.total = total, .unit = std::string(unit)};
    begun_ = std::chrono::steady_clock::now();
    if (next_) next_->begin(stage, total, unit);
  }
  void update(std::int64_t done, std::string_view note) override {
    tell(done);
    if (next_) next_->update(done, note);
  }
  void skip(std::int64_t done) override {
    progress_.skipped += done - progress_.done;
    tell(done);
    if (next_) next_->skip(done);
  }
  void end() override {
    if (next_) next_->end();
  }

 private:
  void tell(std::int64_t done) {
    progress_.done = done;
    progress_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
    cache_.tell(progress_);
  }

  StageCache& cache_;
  ProgressObserver* next_;
  StageProgress progress_;
  std::chrono::steady_clock::time_point begun_;
};

/// What each arm trained and how it was measured.
std::vector<ArmAdapter> adapters_of(const std::vector<EvaluationGroup>& groups, const Results& results,
                                    Stages& stages) {
  std::vector<ArmAdapter> adapters;
  for (const auto& group : groups) {
    const auto found = std::ranges::find(results.evaluations, group.model, &StoredEvaluation::model);
    for (const Arm* arm : group.arms)
      adapters.push_back({arm->name, evaluation::trained_in(stages.adapter(*arm).folder),
                          model::base_name(arm->config.model.base_name, arm->config.model.path),
                          describe_results(found->results, arm->name),
                          model_index_of(found->results, arm->name)});
  }
  return adapters;
}

void note_facts(RunStore& store, const Experiment& experiment,
                const std::map<std::string, std::string>& facts) {
  for (const auto& [name, value] : facts) store.set_fact(name, value);
  store.set_fact("title", experiment.shared.name);
  store.set_fact("config", experiment.toml);
}

/// While another exception is on its way: that one is the one to tell.
void keep_what_was_learnt(const Experiment& experiment, RunStore& copy) noexcept {
  try {
    const RunLock lock(experiment.shared.output, {});
    RunStore(experiment.shared.output, RunStore::Access::read_write).take_over(copy);
  } catch (const std::exception&) {
    // The disk that failed the run refuses the store too; products have records of their own.
  }
}

/// Two configs may share the products of a folder, but its results are those of one.
void check_config(RunStore& store, const Experiment& experiment) {
  if (store.fact("config") != experiment.toml)
    throw InputError(
        "keeping the results", store.run_folder().string(),
        "another configuration was run in this folder meanwhile, and its results stay; all products "
        "are there, run this one again");
}

/// In the same words wherever a run is looked at, so that it is told once.
void warn_of_unread_options(const Experiment& experiment) {
  std::vector<concepts::AnnotateOptions> annotations;
  for (const auto& arm : experiment.arms) annotations.push_back(arm.config.annotation.options);
  concepts::warn_of_unread_options(annotations, "checking the experiment", "annotation.");
}

}  // namespace

std::vector<std::string> find_input_problems(const Experiment& experiment) {
  InputChecker checker;
  checker.look("output", experiment.shared.output, [](const fs::path& folder) {
    check_growing_destination(folder, ProductKind::run, "running the experiment");
  });
  for (const auto& arm : experiment.arms) look_at_inputs(checker, arm.config);
  for (const auto& corpus : experiment.corpora)
    for (const auto& file : corpus.options.files)
      checker.look("corpora.files", file, [](const fs::path& pattern) { corpus::expand_files({pattern}); });
  auto problems = checker.problems();
  if (problems.empty()) problems = find_overlaps(experiment);
  return problems;
}

void check_inputs(const Experiment& experiment) {
  throw_problems(find_input_problems(experiment), "checking inputs");
  warn_of_unread_options(experiment);
}

Experiment load_sound_experiment(const fs::path& path, std::span<const std::string> settings) {
  auto [experiment, problems] = read_experiment(path, settings);
  for (auto& problem : find_input_problems(experiment)) problems.push_back(std::move(problem));
  throw_problems(problems, "checking the experiment");
  warn_of_unread_options(experiment);
  return std::move(experiment);
}

void begin_run(const Experiment& experiment, const std::map<std::string, std::string>& facts,
               const std::stop_token& stop) {
  check_inputs(experiment);
  const RunLock lock(experiment.shared.output, stop);
  RunStore store(experiment.shared.output, RunStore::Access::read_write);
  note_facts(store, experiment, facts);
  write_file_atomically(experiment.shared.output / kConfigOfRun, experiment.toml);
}

RunOutcome run_experiment(const Experiment& experiment, const std::map<std::string, std::string>& facts,
                          ProgressObserver* observer, std::stop_token stop, const RunScope& scope) {
  begin_run(experiment, facts, stop);
  return carry_out(experiment, observer, std::move(stop), scope);
}

RunOutcome carry_out(const Experiment& experiment, ProgressObserver* observer, std::stop_token stop,
                     const RunScope& scope) {
  if (experiment.shared.threads > 0) model::set_threads(experiment.shared.threads);
  RunStore copy = RunStore::working_copy(experiment.shared.output);
  StageCache cache(copy);
  ToldProgress told(cache, observer);
  Stages stages(copy, cache, &told, stop);
  Work work(experiment, stages, scope, stop);
  try {
    work.do_all();
  } catch (const std::exception&) {
    keep_what_was_learnt(experiment, copy);
    throw;
  }
  const RunLock lock(experiment.shared.output, stop);
  RunStore store(experiment.shared.output, RunStore::Access::read_write);
  store.take_over(copy);
  work.throw_if_all_failed();
  const auto evaluated = work.evaluated();
  RunOutcome outcome{cache.made(), work.failures(), scope.is_whole() && !evaluated.empty()};
  if (!outcome.has_results) return outcome;
  check_config(store, experiment);
  const Results results = collect_results(experiment, evaluated, stages);
  store.replace_results(results);
  publish_adapters(experiment.shared.output, adapters_of(evaluated, results, stages));
  return outcome;
}

}  // namespace conceptune::experiment
