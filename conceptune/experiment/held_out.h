// The passages that a group's arms are measured on, and what the arms have to do with them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "conceptune/experiment/evaluation_group.h"
#include "conceptune/experiment/store.h"

namespace conceptune::experiment {

/// Held-out passages of one sample of a corpus.
struct HeldOutSet {
  /// The corpus' label, with a number where another set or a benchmark has it.
  std::string name;
  Product dataset;
  /// Names of the arms that were trained on all files of its corpus, known by their contents.
  std::vector<std::string> in_domain;
};

/// The held-out sets of all arms, each once. `dataset_of` gives the concept dataset of an arm's. Throws
/// InputError for a file that cannot be read.
std::vector<HeldOutSet> held_out_sets(const EvaluationGroup& group, RunStore& store,
                                      const std::function<Product(const RunConfig&)>& dataset_of);

}  // namespace conceptune::experiment
