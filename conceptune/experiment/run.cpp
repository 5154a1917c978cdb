#include "conceptune/experiment/run.h"

#include <fmt/format.h>

#include <functional>
#include <set>

#include "conceptune/base/error.h"
#include "conceptune/base/input_errors.h"
#include "conceptune/experiment/results.h"
#include "conceptune/experiment/stages.h"
#include "conceptune/runtime/model/threads.h"
#include "conceptune/runtime/weights/weight_store.h"

namespace conceptune::experiment {
namespace {

namespace fs = std::filesystem;

/// Looks at each different input once and keeps what is wrong with it.
class InputChecker {
 public:
  void look(const std::string& key, const fs::path& path, const std::function<void(const fs::path&)>& open) {
    if (!seen_.insert(key + '\0' + path.string()).second) return;
    try {
      open(path);
    } catch (const InputError& error) {
      problems_.push_back(fmt::format("{}: {}", key, error.what()));
    }
  }

  void require(bool given, const std::string& key, std::string_view expected) {
    if (given || !seen_.insert(key).second) return;
    problems_.push_back(fmt::format("{}: not set, expected {}", key, expected));
  }

  std::vector<std::string> problems() { return std::move(problems_); }

 private:
  std::set<std::string> seen_;
  std::vector<std::string> problems_;
};

void look_at_model(InputChecker& checker, const std::string& key, const fs::path& path) {
  checker.look(key, path, [](const fs::path& model) {
    weights::WeightStore::open(model);
    tokenizer::Tokenizer::load(model);
  });
}

void look_at_inputs(InputChecker& checker, const RunConfig& config) {
  checker.require(!config.model.path.empty(), "model.path", "a GGUF file or a model folder");
  if (!config.model.path.empty()) look_at_model(checker, "model.path", config.model.path);
  if (!config.annotation.model.empty()) look_at_model(checker, "annotation.model", config.annotation.model);
  checker.require(!config.corpus.files.empty(), "corpus.files", "at least one file");
  for (const auto& file : config.corpus.files)
    checker.look("corpus.files", file, [](const fs::path& pattern) { corpus::expand_files({pattern}); });
  checker.look("annotation.english_pipeline", config.annotation.english_pipeline, [](const fs::path& folder) {
    words::EnglishPipeline::load(
        words::find_english_pipeline(folder.empty() ? std::nullopt : std::optional(folder)));
  });
  const auto& prompted = config.annotation.options.prompt.model;
  if (config.annotation.options.source == concepts::SourceKind::prompt && !prompted.empty())
    look_at_model(checker, "annotation.prompt.model", prompted);
  if (config.annotation.options.source == concepts::SourceKind::wordnet)
    checker.look("annotation.wordnet.folder", config.annotation.options.wordnet.folder,
                 [](const fs::path& folder) { concepts::WordNet::load(folder); });
  std::set<std::string> benchmarks;
  for (const auto& file : config.evaluation.benchmarks)
    checker.look("evaluation.benchmarks", file, [&](const fs::path& path) {
      const auto benchmark = evaluation::read_pair_benchmark(path);
      if (!benchmarks.insert(benchmark.name).second)
        throw InputError("reading benchmark", path.string(),
                         "another one has the name '" + benchmark.name + "', rename the file");
    });
  config.evaluation.tasks.for_each([&](evaluation::ChoiceTask task, const fs::path& file) {
    checker.look("evaluation.tasks", file,
                 [task](const fs::path& path) { evaluation::read_choice_task(task, path); });
  });
}

void note_facts(RunStore& store, const Experiment& experiment,
                const std::map<std::string, std::string>& facts) {
  for (const auto& [name, value] : facts) store.set_fact(name, value);
  store.set_fact("title", experiment.shared.name);
  store.set_fact("config", experiment.toml);
}

}  // namespace

std::vector<std::string> find_input_problems(const Experiment& experiment) {
  InputChecker checker;
  for (const auto& arm : experiment.arms) look_at_inputs(checker, arm.config);
  return checker.problems();
}

void check_inputs(const Experiment& experiment) {
  const auto problems = find_input_problems(experiment);
  if (problems.empty()) return;
  if (problems.size() == 1) throw InputError("checking inputs: " + problems.front());
  throw InputErrors(fmt::format("checking inputs: {} problems", problems.size()), problems);
}

int run_experiment(const Experiment& experiment, const std::map<std::string, std::string>& facts,
                   ProgressObserver* observer, std::stop_token stop) {
  check_inputs(experiment);
  if (experiment.shared.threads > 0) model::set_threads(experiment.shared.threads);
  const RunLock lock(experiment.shared.output);
  RunStore store(experiment.shared.output, RunStore::Access::read_write);
  note_facts(store, experiment, facts);
  Stages stages(store, observer, stop);
  for (const auto& group : group_by_model(experiment.arms)) stages.evaluation(group);
  store.replace_results(collect_results(experiment, stages));
  return stages.made();
}

}  // namespace conceptune::experiment
