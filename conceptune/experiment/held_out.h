// The passages that a group's arms are measured on, and what the arms have to do with them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "conceptune/experiment/evaluation_group.h"
#include "conceptune/experiment/measured_sets.h"
#include "conceptune/experiment/store.h"

namespace conceptune::experiment {

/// Passages to measure on, ready.
struct HeldOutSet {
  std::string name;
  Product dataset;
  /// Names of the arms that were trained on all files of its corpus, known by their contents.
  std::vector<std::string> in_domain;
};

/// What planned_passages() says, made. `dataset_of` gives the concept dataset of a plan. Throws InputError
/// for a file that cannot be read.
std::vector<HeldOutSet> held_out_sets(const Experiment& experiment, const EvaluationGroup& group,
                                      RunStore& store,
                                      const std::function<Product(const PlannedPassages&)>& dataset_of);

/// One line a problem, with its place: corpora for evaluation alone that have a file which arms are trained
/// on. Looks into files of the same size.
std::vector<std::string> find_overlaps(const Experiment& experiment);

}  // namespace conceptune::experiment
