// The questions of an experiment: which arms are compared to which, on what, fixed before anything is run.
//
//   [[questions]]
//   name = "What do synonyms add?"
//   arms = ["concepts"]                # names of arms, or of arms at one point of the grid, without seeds
//   minus = ["content-only"]           # or "base"
//   metrics = ["spearman", "content_nll"]
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "conceptune/options/option_fields.h"
#include "conceptune/results/answer.h"

namespace conceptune::experiment {

struct Experiment;
struct EvaluationGroup;

/// One [[questions]] of a configuration.
struct QuestionSettings {
  std::string name;
  std::vector<std::string> arms, minus;
  std::string gain_over;
  std::vector<double> weights;
  std::vector<std::string> metrics, sets;
  bool mean_of_sets = false;
  double margin = 0.01;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("name", name, "What is asked, in words");
    visit("arms", arms, "Arms, by the name of [[arms]] or with their values of the grid, without seeds");
    visit("minus", minus, "Arms that they are compared to, at the same λ and seed, or base");
    visit(
        "gain_over", gain_over,
        "Arms (usually of next-token training) or base: also says which share of the gain over them is there "
        "in minus too");
    visit("weights", weights, "Only arms of these λ; all when empty", between(0, 1));
    visit("metrics", metrics, "What is compared; when empty spearman, content_nll, global_nll and acc");
    visit("sets", sets, "Benchmarks and passage sets; all that have the metric when empty");
    visit("mean_of_sets", mean_of_sets, "Ask once for the mean over the sets, instead of once for each");
    visit("margin", margin, "A smaller difference does not matter; in the metric's unit", at_least(0));
  }
};

/// A question as it stands in a configuration.
struct AskedQuestion {
  QuestionSettings settings;
  std::map<std::string, std::string> where;  // the line of each key that was set, and of the table as ""
};

/// What is asked of the arms of one group. Without [[questions]] the default ones: every arm minus the base,
/// every other minus next-token training (λ = 0), and concepts minus each control.
std::vector<evaluation::Contrast> contrasts_of(const Experiment& experiment, const EvaluationGroup& group);

/// Resamples that all contrasts of an experiment together need for Holm's correction.
std::int64_t contrast_resamples(const Experiment& experiment);

/// One line a problem, with its place: names that no arm has, metrics that no set has, unknown sets, sides
/// that no seed pairs, and more questions than resamples could decide.
std::vector<std::string> question_problems(const Experiment& experiment);

}  // namespace conceptune::experiment
