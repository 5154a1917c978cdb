#include "conceptune/experiment/work.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "conceptune/base/error.h"
#include "conceptune/base/messages.h"
#include "conceptune/experiment/measured_sets.h"

namespace conceptune::experiment {
namespace {

std::string evaluation_of(const EvaluationGroup& group) { return "evaluation of " + group.model; }

void check_arms(const Experiment& experiment, const std::vector<std::string>& names) {
  for (const auto& name : names)
    if (std::ranges::find(experiment.arms, name, &Arm::name) == experiment.arms.end())
      throw InputError("running the experiment", "--only",
                       fmt::format("'{}' is no arm and no stage; `conceptune check` lists the arms", name));
}

void wait_for_others(const std::stop_token& stop) {
  for (int i = 0; i < 10 && !stop.stop_requested(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  if (stop.stop_requested()) throw Interrupted("running the experiment: stopped while others are at work");
}

}  // namespace

Work::Work(const Experiment& experiment, Stages& stages, const RunScope& scope, std::stop_token stop)
    : experiment_(experiment),
      stages_(stages),
      last_(scope.last),
      groups_(group_by_evaluation(experiment.arms)),
      stop_(std::move(stop)) {
  check_arms(experiment, scope.arms);
  if (scope.arms.empty()) return;
  for (auto& group : groups_)
    std::erase_if(group.arms, [&](const Arm* arm) {
      return std::ranges::find(scope.arms, arm->name) == scope.arms.end();
    });
  std::erase_if(groups_, [](const EvaluationGroup& group) { return group.arms.empty(); });
}

void Work::do_all() {
  for (;;) {
    bool all = true;
    for (const auto& group : groups_) all &= advance(group);
    if (all) return;
    wait_for_others(stop_);
  }
}

bool Work::advance(const EvaluationGroup& group) {
  bool all = true;
  for (const Arm* arm : group.arms) all &= attempt(arm->name, [&] { make_data(*arm); });
  if (last_ >= RunStage::annotate)
    for (const auto& passages : planned_passages(experiment_, group))
      all &= attempt("passages " + passages.name, [&] { stages_.dataset(passages.config, passages.split); });
  if (last_ >= RunStage::train)
    for (const Arm* arm : group.arms) all &= attempt(arm->name, [&] { stages_.adapter(*arm); });
  if (!all || last_ < RunStage::evaluate) return all;
  const EvaluationGroup trained = without_failed(group);
  if (trained.arms.empty()) return true;
  return attempt(evaluation_of(group), [&] { stages_.evaluation(experiment_, trained); });
}

void Work::make_data(const Arm& arm) {
  stages_.corpus(arm.config);
  if (last_ >= RunStage::annotate) stages_.training_dataset(arm.config);
}

template <class Task>
bool Work::attempt(const std::string& subject, const Task& task) {
  if (failures_.contains(subject)) return true;
  try {
    task();
    ++succeeded_;
  } catch (const BeingMade&) {
    return false;
  } catch (const Interrupted&) {
    throw;
  } catch (const Error& error) {
    failures_[subject] = error.what();
    if (!first_failure_) first_failure_ = std::current_exception();
    warn(fmt::format("{} failed: {}", subject, error.what()));
  }
  return true;
}

void Work::throw_if_all_failed() const {
  if (succeeded_ == 0 && first_failure_) std::rethrow_exception(first_failure_);
}

EvaluationGroup Work::without_failed(const EvaluationGroup& group) const {
  EvaluationGroup trained = group;
  std::erase_if(trained.arms, [&](const Arm* arm) { return failures_.contains(arm->name); });
  return trained;
}

std::vector<EvaluationGroup> Work::evaluated() const {
  std::vector<EvaluationGroup> evaluated;
  for (const auto& group : groups_) {
    EvaluationGroup trained = without_failed(group);
    if (!trained.arms.empty() && !failures_.contains(evaluation_of(group)))
      evaluated.push_back(std::move(trained));
  }
  return evaluated;
}

}  // namespace conceptune::experiment
