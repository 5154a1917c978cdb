// What an arm was trained with, whatever its seed: the sides of comparisons.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "conceptune/experiment/evaluation_group.h"

namespace conceptune::experiment {

/// Arms of one group that differ in their seeds alone.
struct Condition {
  /// "concepts, λ 0.5": as its arms are called, without their seeds.
  std::string name;
  /// The name given in [[arms]], or empty.
  std::string group;
  /// By seed: training.seed and what else of the grid is a seed.
  std::map<std::string, const Arm*> arms;

  /// λ; nothing where the loss does not use it.
  std::optional<double> concept_weight() const;
  /// Neither concepts nor content words count: λ is 0.
  bool is_next_token() const;
  /// Trained on true concept sets.
  bool has_concepts() const;
  /// Content words count, but no concept sets, or random ones.
  bool is_control() const;
  /// Whether one of the names is its own or its group's.
  bool is_called(const std::vector<std::string>& names) const;
};

/// In the order of their first arms.
std::vector<Condition> conditions_of(const EvaluationGroup& group);

/// Whether two conditions may be compared: at one λ, or `minus` has none or 0, and agreeing in whatever else
/// both vary outside of the objective. A condition that stands among `names` in full, with its values of the
/// grid, is compared whatever they are.
bool pair_up(const Condition& plus, const Condition& minus, const std::vector<std::string>& names);

}  // namespace conceptune::experiment
