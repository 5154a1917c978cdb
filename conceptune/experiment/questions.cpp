#include "conceptune/experiment/questions.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "conceptune/experiment/conditions.h"
#include "conceptune/experiment/evaluation_group.h"
#include "conceptune/experiment/experiment_config.h"
#include "conceptune/experiment/measured_sets.h"
#include "conceptune/results/contrast.h"
#include "conceptune/results/metrics.h"

namespace conceptune::experiment {
namespace {

using evaluation::Contrast;
using evaluation::ContrastSeed;
using evaluation::ContrastSet;

/// More take longer than the models' evaluation.
constexpr std::int64_t kMostResamples = 200'000;
constexpr const char* kDefaultMetrics[] = {"spearman", "content_nll", "global_nll", "acc"};

/// A metric with the sets that it is asked for on, at a time.
struct Asked {
  std::string metric;
  std::vector<ContrastSet> sets;
};

bool has_name(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

std::vector<Asked> asked_of(const QuestionSettings& settings, const std::vector<MeasuredSet>& sets) {
  std::vector<std::string> metrics = settings.metrics;
  if (metrics.empty()) metrics.assign(std::begin(kDefaultMetrics), std::end(kDefaultMetrics));
  std::vector<Asked> asked;
  for (const auto& metric : metrics) {
    Asked all{metric, {}};
    for (const auto& set : sets)
      if (set.has(metric) && (settings.sets.empty() || has_name(settings.sets, set.name)))
        all.sets.push_back({set.name, set.convention});
    if (all.sets.empty()) continue;
    if (settings.mean_of_sets) {
      asked.push_back(std::move(all));
      continue;
    }
    for (const auto& set : all.sets) asked.push_back({metric, {set}});
  }
  return asked;
}

/// One side of a question: the arm of each seed.
using ArmOfSeed = std::function<std::string(const std::string& seed)>;

ArmOfSeed arm_of(const Condition& condition) {
  return [&condition](const std::string& seed) {
    const auto arm = condition.arms.find(seed);
    return arm == condition.arms.end() ? std::string() : arm->second->name;
  };
}

std::string base_arm(const std::string&) { return std::string(evaluation::kBase); }

struct Side {
  std::string label;
  ArmOfSeed arm;
};

const Side kBaseSide = {std::string(evaluation::kBase), base_arm};

Side side_of(const Condition& condition) { return {condition.name, arm_of(condition)}; }

/// Appends what is asked of two sides, if some seed has both.
void append(const QuestionSettings& settings, const Condition& plus, const Side& minus, const Side* reference,
            const std::vector<MeasuredSet>& sets, std::vector<Contrast>& contrasts) {
  std::vector<ContrastSeed> seeds;
  bool has_reference = reference != nullptr;
  for (const auto& [seed, arm] : plus.arms) {
    const std::string other = minus.arm(seed);
    if (other.empty()) continue;
    seeds.push_back({arm->name, other, reference ? reference->arm(seed) : ""});
    has_reference = has_reference && !seeds.back().reference.empty();
  }
  if (seeds.empty()) return;
  if (!has_reference)
    for (auto& seed : seeds) seed.reference.clear();
  for (auto& [metric, asked] : asked_of(settings, sets))
    contrasts.push_back({.question = settings.name,
                         .plus = plus.name,
                         .minus = minus.label,
                         .reference = has_reference ? reference->label : "",
                         .concept_weight = plus.concept_weight(),
                         .metric = metric,
                         .sets = std::move(asked),
                         .seeds = seeds,
                         .margin = settings.margin});
}

bool asks_for(const QuestionSettings& settings, const Condition& condition) {
  if (!condition.is_called(settings.arms)) return false;
  const auto weight = condition.concept_weight();
  return settings.weights.empty() ||
         (weight && std::ranges::find(settings.weights, *weight) != settings.weights.end());
}

/// The side over which a gain is told, for one pair of sides.
std::optional<Side> reference_of(const QuestionSettings& settings, const Condition& plus,
                                 const std::vector<Condition>& conditions) {
  if (settings.gain_over == evaluation::kBase) return kBaseSide;
  if (settings.gain_over.empty()) return std::nullopt;
  for (const auto& condition : conditions)
    if (condition.is_called({settings.gain_over}) && pair_up(plus, condition, {settings.gain_over}))
      return side_of(condition);
  return std::nullopt;
}

std::vector<Contrast> contrasts_of(const QuestionSettings& settings, const std::vector<Condition>& conditions,
                                   const std::vector<MeasuredSet>& sets) {
  std::vector<Contrast> contrasts;
  std::vector<std::string> names = settings.arms;
  names.insert(names.end(), settings.minus.begin(), settings.minus.end());
  for (const auto& plus : conditions) {
    if (!asks_for(settings, plus)) continue;
    const auto reference = reference_of(settings, plus, conditions);
    const Side* over = reference ? &*reference : nullptr;
    if (has_name(settings.minus, kBaseSide.label)) append(settings, plus, kBaseSide, over, sets, contrasts);
    for (const auto& minus : conditions)
      if (minus.is_called(settings.minus) && &minus != &plus && pair_up(plus, minus, names))
        append(settings, plus, side_of(minus), over, sets, contrasts);
  }
  return contrasts;
}

/// Every arm minus the base; every other minus next-token training; concepts minus each control.
std::vector<Contrast> default_contrasts(const std::vector<Condition>& conditions,
                                        const std::vector<MeasuredSet>& sets) {
  QuestionSettings against_base, against_next_token, against_controls;
  against_base.name = "What does training change?";
  against_next_token.name = "What is there beyond next-token training?";
  against_controls.name = "What do concepts add to a control?";
  std::vector<Contrast> contrasts;
  for (const auto& plus : conditions) append(against_base, plus, kBaseSide, nullptr, sets, contrasts);
  for (const auto& plus : conditions)
    for (const auto& minus : conditions)
      if (minus.is_next_token() && !plus.is_next_token() && pair_up(plus, minus, {}))
        append(against_next_token, plus, side_of(minus), nullptr, sets, contrasts);
  for (const auto& plus : conditions) {
    Side reference = kBaseSide;
    for (const auto& other : conditions)
      if (other.is_next_token() && pair_up(plus, other, {})) reference = side_of(other);
    for (const auto& minus : conditions)
      if (plus.has_concepts() && minus.is_control() && pair_up(plus, minus, {}))
        append(against_controls, plus, side_of(minus), &reference, sets, contrasts);
  }
  return contrasts;
}

/// Collects what is wrong with one question.
class QuestionChecker {
 public:
  QuestionChecker(const Experiment& experiment, const AskedQuestion& question)
      : settings_(question.settings), question_(question) {
    for (const auto& group : group_by_evaluation(experiment.arms)) {
      for (auto& condition : conditions_of(group)) conditions_.push_back(std::move(condition));
      for (auto& set : measured_sets(experiment, group)) sets_.push_back(std::move(set));
    }
  }

  std::vector<std::string> problems(std::size_t contrasts) {
    require(!settings_.name.empty(), "name", "is empty, expected what is asked, in words");
    require(!settings_.arms.empty(), "arms", "is empty, expected names of arms");
    require(!settings_.minus.empty(), "minus", "is empty, expected names of arms, or base");
    check_names("arms", settings_.arms, false);
    check_names("minus", settings_.minus, true);
    if (!settings_.gain_over.empty()) check_names("gain_over", {settings_.gain_over}, true);
    for (const auto& name : settings_.sets)
      require(std::ranges::find(sets_, name, &MeasuredSet::name) != sets_.end(), "sets",
              fmt::format("has '{}', which is none of the sets {}", name, names_of_sets()));
    for (const auto& metric : settings_.metrics) check_metric(metric);
    if (problems_.empty())
      require(contrasts > 0, "", "no seed has both sides at the same λ, so nothing can be compared");
    return std::move(problems_);
  }

 private:
  void require(bool fulfilled, const std::string& key, const std::string& problem) {
    if (fulfilled) return;
    const auto of_key = question_.where.find(key);
    problems_.push_back(fmt::format("{}: questions{}{} {}",
                                    of_key == question_.where.end() ? question_.where.at("") : of_key->second,
                                    key.empty() ? ":" : ".", key, problem));
  }

  void check_names(const std::string& key, const std::vector<std::string>& names, bool may_be_base) {
    for (const auto& name : names) {
      const bool known = std::ranges::any_of(
          conditions_, [&](const auto& condition) { return condition.is_called({name}); });
      require(known || (may_be_base && name == evaluation::kBase), key,
              fmt::format("has '{}', which no arm is called; there are {}", name, names_of_arms()));
    }
  }

  void check_metric(const std::string& metric) {
    const bool known = evaluation::metric_named(metric).has_value();
    const bool measured = std::ranges::any_of(sets_, [&](const MeasuredSet& set) {
      return set.has(metric) && (settings_.sets.empty() || has_name(settings_.sets, set.name));
    });
    require(measured, "metrics",
            fmt::format("has '{}', which {}", metric,
                        known ? "none of the sets has" : "is no metric of an evaluation"));
  }

  std::string names_of_arms() const {
    std::set<std::string> names;
    for (const auto& condition : conditions_)
      names.insert(condition.group.empty() ? condition.name : condition.group);
    return fmt::format("{}", fmt::join(names, "; "));
  }

  std::string names_of_sets() const {
    std::set<std::string> names;
    for (const auto& set : sets_) names.insert(set.name);
    return fmt::format("{}", fmt::join(names, ", "));
  }

  const QuestionSettings& settings_;
  const AskedQuestion& question_;
  std::vector<Condition> conditions_;
  std::vector<MeasuredSet> sets_;
  std::vector<std::string> problems_;
};

std::size_t count_contrasts(const Experiment& experiment) {
  std::size_t count = 0;
  for (const auto& group : group_by_evaluation(experiment.arms))
    count += contrasts_of(experiment, group).size();
  return count;
}

}  // namespace

std::vector<Contrast> contrasts_of(const Experiment& experiment, const EvaluationGroup& group) {
  const auto conditions = conditions_of(group);
  const auto sets = measured_sets(experiment, group);
  if (experiment.questions.empty()) return default_contrasts(conditions, sets);
  std::vector<Contrast> contrasts;
  for (const auto& question : experiment.questions)
    for (auto& contrast : contrasts_of(question.settings, conditions, sets))
      contrasts.push_back(std::move(contrast));
  return contrasts;
}

std::int64_t contrast_resamples(const Experiment& experiment) {
  return evaluation::resamples_for(count_contrasts(experiment),
                                   experiment.shared.evaluation.options.bootstrap.confidence);
}

std::vector<std::string> question_problems(const Experiment& experiment) {
  std::vector<std::string> problems;
  for (const auto& question : experiment.questions) {
    std::size_t contrasts = 0;
    for (const auto& group : group_by_evaluation(experiment.arms))
      contrasts +=
          contrasts_of(question.settings, conditions_of(group), measured_sets(experiment, group)).size();
    for (auto& problem : QuestionChecker(experiment, question).problems(contrasts))
      problems.push_back(std::move(problem));
  }
  const std::int64_t resamples = contrast_resamples(experiment);
  if (problems.empty() && resamples > kMostResamples)
    problems.push_back(fmt::format(
        "questions: {} comparisons would need {} resamples to pass Holm's correction, expected at most {}; "
        "{}",
        count_contrasts(experiment), resamples, kMostResamples,
        experiment.questions.empty() ? "name fewer in [[questions]] than are asked without" : "ask fewer"));
  return problems;
}

}  // namespace conceptune::experiment
