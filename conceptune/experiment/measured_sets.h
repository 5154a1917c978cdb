// What the arms of a group are measured on, as far as the configuration tells.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "conceptune/experiment/evaluation_group.h"
#include "conceptune/experiment/experiment_config.h"
#include "conceptune/results/metrics.h"

namespace conceptune::experiment {

/// Which passages of a corpus a dataset holds.
enum class Split { train, held_out };

/// Passages to measure on: a split of the sample that `config` asks for, annotated as it says.
struct PlannedPassages {
  /// Different from the other sets' and the benchmarks'.
  std::string name;
  RunConfig config;
  Split split;
};

/// The held-out passages of every corpus that arms of the group were trained on, each sample once and
/// annotated as the first of these arms says, so that all arms are measured on the same words; then the
/// corpora for evaluation alone.
std::vector<PlannedPassages> planned_passages(const Experiment& experiment, const EvaluationGroup& group);

/// A benchmark, task or passage set.
struct MeasuredSet {
  std::string name;
  evaluation::MeasuredOn kind;
  /// That questions are asked in; empty where none applies.
  std::string convention;
  bool geometry = false;

  bool has(std::string_view metric) const;
};

std::vector<MeasuredSet> measured_sets(const Experiment& experiment, const EvaluationGroup& group);

/// One line a problem, with its place: limits of sets that there are none of.
std::vector<std::string> limit_problems(const Experiment& experiment);

}  // namespace conceptune::experiment
