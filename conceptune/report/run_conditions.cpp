#include "conceptune/report/run_conditions.h"

#include <algorithm>

#include "conceptune/options/option_fields.h"
#include "conceptune/training/loss/losses.h"

namespace conceptune::report {
namespace {

using experiment::StoredArm;

constexpr std::string_view kBetween = ", ";

/// Takes a part of a list "a, b, c" out; false where it has none.
bool take_out(std::string& list, const std::string& part) {
  for (auto at = list.find(part); at != std::string::npos && !part.empty(); at = list.find(part, at + 1)) {
    const auto end = at + part.size();
    const bool begins =
        at == 0 || list.compare(at - std::min(at, kBetween.size()), kBetween.size(), kBetween) == 0;
    const bool ends = end == list.size() || list.compare(end, kBetween.size(), kBetween) == 0;
    if (!begins || !ends) continue;
    if (at > 0)
      list.erase(at - kBetween.size(), part.size() + kBetween.size());
    else
      list.erase(0, std::min(list.size(), part.size() + kBetween.size()));
    return true;
  }
  return false;
}

struct NameAndSeed {
  std::string name, seed;
};

/// An arm's name without the labels of its seeds, and these.
NameAndSeed split_name(const StoredArm& arm) {
  NameAndSeed split{arm.name, ""};
  for (const auto& [key, value] : arm.varied.items())
    if (key.ends_with(".seed") && take_out(split.name, plain_text(value)))
      split.seed += plain_text(value) + "\n";
  if (split.name.empty()) split.name = "trained";
  return split;
}

bool agree(const StoredArm& one, const StoredArm& other) {
  for (const auto& [key, value] : one.varied.items()) {
    if (key.starts_with("training.objective.") || key.ends_with(".seed")) continue;
    const auto same = other.varied.find(key);
    if (same != other.varied.end() && *same != value) return false;
  }
  return true;
}

}  // namespace

bool RunCondition::is_next_token() const {
  const StoredArm& arm = *arms.begin()->second;
  const auto loss = value_named<training::Loss>(arm.objective);
  return loss && loss->rule().uses_concept_weight && arm.concept_weight == 0;
}

std::vector<RunCondition> conditions_of(const std::vector<StoredArm>& arms, const std::string& model) {
  std::vector<RunCondition> conditions;
  for (const auto& arm : arms) {
    if (arm.model != model) continue;
    const auto [name, seed] = split_name(arm);
    auto known = std::ranges::find(conditions, name, &RunCondition::name);
    if (known == conditions.end()) known = conditions.insert(known, {name, {}});
    known->arms.try_emplace(seed, &arm);
  }
  return conditions;
}

const RunCondition* next_token_beside(const RunCondition& condition,
                                      const std::vector<RunCondition>& conditions) {
  if (condition.is_next_token()) return nullptr;
  const StoredArm& arm = *condition.arms.begin()->second;
  const RunCondition* beside = nullptr;
  for (const auto& other : conditions) {
    const StoredArm& first = *other.arms.begin()->second;
    if (!other.is_next_token() || !agree(arm, first)) continue;
    if (first.group == arm.group) return &other;
    if (!beside) beside = &other;
  }
  return beside;
}

}  // namespace conceptune::report
