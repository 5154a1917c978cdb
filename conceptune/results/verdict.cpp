#include "conceptune/results/verdict.h"

#include <fmt/format.h>

#include <algorithm>

#include "conceptune/results/contrast.h"

namespace conceptune::evaluation {
namespace {

Verdict verdict_of(const Answer& answer, const Judgement& judgement, double confidence) {
  if (!answer.difference.value || !answer.interval) return Verdict::undecided;
  const double margin = answer.contrast.margin;
  if (answer.interval->low >= -margin && answer.interval->high <= margin) return Verdict::no_difference;
  if (!judgement.p_holm || *judgement.p_holm > 1 - confidence) return Verdict::undecided;
  return *answer.difference.value > 0 ? Verdict::higher : Verdict::lower;
}

}  // namespace

std::vector<Judgement> judge(std::span<const Answer> answers, double confidence) {
  std::vector<Judgement> judgements(answers.size());
  std::vector<std::size_t> tested;
  std::vector<double> p_values;
  for (std::size_t i = 0; i < answers.size(); ++i)
    if (answers[i].p) {
      tested.push_back(i);
      p_values.push_back(*answers[i].p);
    }
  const auto adjusted = holm_adjusted(p_values);
  for (std::size_t i = 0; i < tested.size(); ++i) judgements[tested[i]].p_holm = adjusted[i];
  for (std::size_t i = 0; i < answers.size(); ++i)
    judgements[i].verdict = verdict_of(answers[i], judgements[i], confidence);
  return judgements;
}

std::vector<std::string> cautions(const Answer& answer) {
  std::vector<std::string> reasons;
  const std::size_t seeds = answer.contrast.seeds.size();
  if (seeds == 1)
    reasons.emplace_back("one seed: how much another training would differ is not in the interval");
  if (seeds == 2) reasons.emplace_back("two seeds alone tell little of how much trainings differ");
  if (answer.items.empty()) return reasons;
  const std::int64_t fewest = *std::ranges::min_element(answer.items);
  if (fewest < kFewestItems)
    reasons.push_back(fmt::format("{} {} are too few for an interval", fewest, answer.resampled));
  else if (fewest < kFewItems)
    reasons.push_back(fmt::format("{} {} are few: the interval may be too narrow", fewest, answer.resampled));
  return reasons;
}

}  // namespace conceptune::evaluation
