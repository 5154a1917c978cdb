#include "conceptune/experiment/conditions.h"

#include <algorithm>

#include "conceptune/base/json.h"

namespace conceptune::experiment {
namespace {

constexpr std::string_view kSeed = ".seed";
constexpr std::string_view kTrainingSeed = "training.seed";
constexpr std::string_view kObjective = "training.objective.";

const RunConfig& config_of(const Condition& condition) { return condition.arms.begin()->second->config; }

const training::ObjectiveOptions& objective_of(const Condition& condition) {
  return config_of(condition).training.objective;
}

std::string seed_of(const Arm& arm) {
  std::string seed = std::to_string(arm.config.training.seed);
  for (const auto& [key, value] : arm.varied)
    if (key.ends_with(kSeed) && key != kTrainingSeed) seed += ", " + to_json_text(value);
  return seed;
}

bool is_named_in_full(const Condition& condition, const std::vector<std::string>& names) {
  return condition.name != condition.group && std::ranges::find(names, condition.name) != names.end();
}

bool agree(const Arm& plus, const Arm& minus) {
  for (const auto& [key, value] : plus.varied) {
    if (key.starts_with(kObjective) || key.ends_with(kSeed)) continue;
    for (const auto& [other_key, other] : minus.varied)
      if (other_key == key && other != value) return false;
  }
  return true;
}

}  // namespace

std::optional<double> Condition::concept_weight() const {
  const auto& objective = objective_of(*this);
  if (!objective.loss.rule().uses_concept_weight) return std::nullopt;
  return objective.concept_weight;
}

bool Condition::is_next_token() const { return concept_weight() == 0.0; }

bool Condition::is_control() const {
  const bool random = config_of(*this).variant.noise != Noise::none;
  return !is_next_token() && (random || !objective_of(*this).loss.rule().uses_synonyms);
}

bool Condition::has_concepts() const { return !is_next_token() && !is_control(); }

bool Condition::is_called(const std::vector<std::string>& names) const {
  return std::ranges::any_of(names, [&](const std::string& called) {
    return !called.empty() && (called == name || called == group);
  });
}

std::vector<Condition> conditions_of(const EvaluationGroup& group) {
  std::vector<Condition> conditions;
  for (const Arm* arm : group.arms) {
    auto known = std::ranges::find(conditions, arm->condition, &Condition::name);
    if (known == conditions.end()) known = conditions.insert(known, {arm->condition, arm->group, {}});
    known->arms.try_emplace(seed_of(*arm), arm);
  }
  return conditions;
}

bool pair_up(const Condition& plus, const Condition& minus, const std::vector<std::string>& names) {
  if (is_named_in_full(plus, names) || is_named_in_full(minus, names)) return true;
  const auto weight = minus.concept_weight();
  const bool at_one_weight = !weight || *weight == 0 || plus.concept_weight().value_or(*weight) == *weight;
  return at_one_weight && agree(*plus.arms.begin()->second, *minus.arms.begin()->second);
}

}  // namespace conceptune::experiment
