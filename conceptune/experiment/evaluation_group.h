// Which arms are evaluated together.
#pragma once

#include <string>
#include <vector>

#include "conceptune/experiment/experiment_config.h"

namespace conceptune::experiment {

/// Arms that are evaluated together, beside their base model: of one model, under the same settings.
struct EvaluationGroup {
  /// The model's label in the report, with the settings in which it differs from other groups of the model.
  std::string model;
  std::vector<const Arm*> arms;
};

/// Arms by base model and by all settings that decide its evaluation, in their order; two models of one file
/// name get labels with their folders.
std::vector<EvaluationGroup> group_by_evaluation(const std::vector<Arm>& arms);

}  // namespace conceptune::experiment
