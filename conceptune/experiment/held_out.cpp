#include "conceptune/experiment/held_out.h"

#include <algorithm>
#include <set>

#include "conceptune/corpus/documents.h"
#include "conceptune/evaluation/benchmarks/benchmarks.h"
#include "conceptune/evaluation/benchmarks/choice_files.h"
#include "conceptune/experiment/corpus_label.h"
#include "conceptune/experiment/input_hash.h"

namespace conceptune::experiment {
namespace {

std::set<std::string> hashes_of(const std::vector<std::filesystem::path>& patterns, RunStore& store) {
  std::set<std::string> hashes;
  for (const auto& file : corpus::expand_files(patterns)) hashes.insert(hash_input(file, store));
  return hashes;
}

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

std::vector<HeldOutSet> held_out_sets(const EvaluationGroup& group, RunStore& store,
                                      const std::function<Product(const RunConfig&)>& dataset_of) {
  std::vector<std::set<std::string>> corpora;
  for (const Arm* arm : group.arms) corpora.push_back(hashes_of(arm->config.corpus.files, store));
  std::set<std::string> taken_names = names_of_benchmarks(group.arms.front()->config.evaluation);
  std::vector<HeldOutSet> sets;
  for (std::size_t i = 0; i < group.arms.size(); ++i) {
    const RunConfig& config = group.arms[i]->config;
    if (config.corpus.held_out == 0) continue;
    HeldOutSet set{{}, dataset_of(config), {}};
    if (std::ranges::any_of(sets, [&](const auto& known) { return known.dataset.key == set.dataset.key; }))
      continue;
    set.name = free_name(corpus_label(config.corpus.files.front()), taken_names);
    for (std::size_t k = 0; k < group.arms.size(); ++k)
      if (std::ranges::includes(corpora[k], corpora[i])) set.in_domain.push_back(group.arms[k]->name);
    sets.push_back(std::move(set));
  }
  return sets;
}

}  // namespace conceptune::experiment
