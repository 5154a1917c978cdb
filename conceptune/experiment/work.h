// What an experiment has to make, done in whatever order other processes at work in the same folder leave it.
#pragma once

#include <exception>
#include <map>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "conceptune/experiment/evaluation_group.h"
#include "conceptune/experiment/stages.h"
#include "conceptune/options/option_fields.h"

namespace conceptune::experiment {

/// In the order in which they are made.
enum class RunStage { corpus, annotate, train, evaluate };

}  // namespace conceptune::experiment

template <>
inline constexpr std::pair<const char*, conceptune::experiment::RunStage>
    conceptune::enum_names<conceptune::experiment::RunStage>[] = {
        {"corpus", conceptune::experiment::RunStage::corpus},
        {"annotate", conceptune::experiment::RunStage::annotate},
        {"train", conceptune::experiment::RunStage::train},
        {"evaluate", conceptune::experiment::RunStage::evaluate}};

namespace conceptune::experiment {

/// The part of an experiment that a call makes.
struct RunScope {
  /// Names of arms; empty for all.
  std::vector<std::string> arms = {};
  RunStage last = RunStage::evaluate;

  bool is_whole() const { return arms.empty() && last == RunStage::evaluate; }
};

class Work {
 public:
  /// Throws InputError for an arm in the scope that the experiment does not have. The experiment must outlive
  /// this.
  Work(const Experiment& experiment, Stages& stages, const RunScope& scope, std::stop_token stop);

  /// Makes all that is in scope, and waits for what other processes make. A failure ends what needs it, and
  /// nothing else. Throws Interrupted when asked to stop.
  void do_all();

  /// The problem of each arm, or evaluation, that failed.
  const std::map<std::string, std::string>& failures() const { return failures_; }
  /// Throws what failed first where nothing of the scope was made.
  void throw_if_all_failed() const;
  /// The arms that are trained, as they are evaluated; groups whose evaluation failed are left out.
  std::vector<EvaluationGroup> evaluated() const;

 private:
  /// These give false when other processes are making what is needed.
  bool advance(const EvaluationGroup& group);
  template <class Task>
  bool attempt(const std::string& subject, const Task& task);

  /// Its sample and, in scope, its concept dataset.
  void make_data(const Arm& arm);
  EvaluationGroup without_failed(const EvaluationGroup& group) const;

  const Experiment& experiment_;
  Stages& stages_;
  RunStage last_;
  std::vector<EvaluationGroup> groups_;
  std::stop_token stop_;
  std::map<std::string, std::string> failures_;
  std::exception_ptr first_failure_;
  int succeeded_ = 0;
};

}  // namespace conceptune::experiment
