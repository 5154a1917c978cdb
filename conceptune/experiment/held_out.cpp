#include "conceptune/experiment/held_out.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conceptune/base/file.h"
#include "conceptune/base/hash.h"
#include "conceptune/corpus/documents.h"
#include "conceptune/experiment/input_hash.h"

namespace conceptune::experiment {
namespace {

namespace fs = std::filesystem;

std::set<std::string> hashes_of(const std::vector<fs::path>& patterns, RunStore& store) {
  std::set<std::string> hashes;
  for (const auto& file : corpus::expand_files(patterns)) hashes.insert(hash_input(file, store));
  return hashes;
}

bool have_the_same_content(const fs::path& a, const fs::path& b) {
  if (resolved_path(a) == resolved_path(b)) return true;
  return fs::file_size(a) == fs::file_size(b) && sha256_of_file(a) == sha256_of_file(b);
}

}  // namespace

std::vector<HeldOutSet> held_out_sets(const Experiment& experiment, const EvaluationGroup& group,
                                      RunStore& store,
                                      const std::function<Product(const PlannedPassages&)>& dataset_of) {
  std::vector<std::set<std::string>> corpora;
  for (const Arm* arm : group.arms) corpora.push_back(hashes_of(arm->config.corpus.files, store));
  std::vector<HeldOutSet> sets;
  for (const auto& planned : planned_passages(experiment, group)) {
    HeldOutSet set{planned.name, dataset_of(planned), {}};
    const auto own = hashes_of(planned.config.corpus.files, store);
    for (std::size_t k = 0; k < group.arms.size(); ++k)
      if (std::ranges::includes(corpora[k], own)) set.in_domain.push_back(group.arms[k]->name);
    sets.push_back(std::move(set));
  }
  return sets;
}

std::vector<std::string> find_overlaps(const Experiment& experiment) {
  std::set<fs::path> trained_on;
  for (const auto& arm : experiment.arms)
    for (const auto& file : corpus::expand_files(arm.config.corpus.files)) trained_on.insert(file);
  std::vector<std::string> problems;
  for (const auto& corpus : experiment.corpora)
    for (const auto& file : corpus::expand_files(corpus.options.files)) {
      const auto same = std::ranges::find_if(
          trained_on, [&](const auto& other) { return have_the_same_content(file, other); });
      if (same != trained_on.end())
        problems.push_back(fmt::format(
            "{}: corpora: {} is for evaluation alone, but arms are trained on {}; corpus.held_out "
            "sets passages of it apart",
            corpus.where, file.string(), *same == file ? "it" : same->string()));
    }
  return problems;
}

}  // namespace conceptune::experiment
