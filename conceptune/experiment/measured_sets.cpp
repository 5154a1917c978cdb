#include "conceptune/experiment/measured_sets.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conceptune/evaluation/benchmarks/benchmarks.h"
#include "conceptune/evaluation/benchmarks/choice_files.h"
#include "conceptune/evaluation/text_convention.h"
#include "conceptune/experiment/corpus_label.h"

namespace conceptune::experiment {
namespace {

using evaluation::MeasuredOn;

/// `name`, or with a number where another set or benchmark has it.
std::string free_name(const std::string& name, std::set<std::string>& taken) {
  std::string candidate = name;
  for (int number = 2; !taken.insert(candidate).second; ++number)
    candidate = name + "-" + std::to_string(number);
  return candidate;
}

/// The names of everything but passages that is evaluated on.
std::set<std::string> names_of_benchmarks(const EvaluationSettings& settings) {
  std::set<std::string> names = {"prompts"};
  for (const auto& path : settings.benchmarks) names.insert(evaluation::benchmark_name(path));
  settings.tasks.for_each([&](evaluation::ChoiceTask task, const std::filesystem::path&) {
    names.insert(std::string(name_of(task)));
  });
  return names;
}

}  // namespace

std::vector<PlannedPassages> planned_passages(const Experiment& experiment, const EvaluationGroup& group) {
  std::set<std::string> taken = names_of_benchmarks(group.arms.front()->config.evaluation);
  std::vector<PlannedPassages> planned;
  std::vector<Json> samples;
  for (const Arm* arm : group.arms) {
    const RunConfig& config = arm->config;
    if (config.corpus.held_out == 0 || config.corpus.files.empty()) continue;
    const Json sample = options_to_json(config.corpus);
    if (std::ranges::find(samples, sample) != samples.end()) continue;
    samples.push_back(sample);
    planned.push_back({free_name(corpus_label(config.corpus.files.front()), taken), config, Split::held_out});
  }
  for (const auto& corpus : experiment.corpora) {
    if (corpus.options.files.empty()) continue;
    RunConfig config = group.arms.front()->config;
    config.corpus = corpus.options;
    const std::string label = corpus.name.empty() ? corpus_label(corpus.options.files.front()) : corpus.name;
    planned.push_back({free_name(label, taken), std::move(config), Split::train});
  }
  return planned;
}

bool MeasuredSet::has(std::string_view metric) const {
  const auto known = evaluation::metric_named(metric);
  if (!known) return false;
  if (known->measured_on == MeasuredOn::concepts) return kind == MeasuredOn::passages && geometry;
  return known->measured_on == kind;
}

std::vector<MeasuredSet> measured_sets(const Experiment& experiment, const EvaluationGroup& group) {
  const EvaluationSettings& settings = group.arms.front()->config.evaluation;
  const auto conventions =
      evaluation::conventions_of(settings.options.convention, settings.options.paper_convention);
  std::vector<MeasuredSet> sets;
  for (const auto& path : settings.benchmarks)
    sets.push_back({evaluation::benchmark_name(path), MeasuredOn::pairs, conventions.back().name});
  settings.tasks.for_each([&](evaluation::ChoiceTask task, const std::filesystem::path&) {
    sets.push_back({std::string(name_of(task)), MeasuredOn::questions, {}});
  });
  for (const auto& passages : planned_passages(experiment, group))
    sets.push_back({passages.name, MeasuredOn::passages, {}, settings.options.geometry});
  return sets;
}

std::vector<std::string> limit_problems(const Experiment& experiment) {
  std::set<std::string> names, unknown;
  for (const auto& group : group_by_evaluation(experiment.arms))
    for (const auto& set : measured_sets(experiment, group)) names.insert(set.name);
  for (const auto& arm : experiment.arms)
    for (const auto& [name, count] : evaluation::limits_of(arm.config.evaluation.options))
      if (!names.contains(name)) unknown.insert(name);
  std::vector<std::string> problems;
  problems.reserve(unknown.size());
  for (const auto& name : unknown)
    problems.push_back(fmt::format("evaluation.limits has '{}', which is none of the sets {}", name,
                                   fmt::join(names, ", ")));
  return problems;
}

}  // namespace conceptune::experiment
