// Questions put to an evaluation (one side minus another, over seeds and sets) and what was found.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "conceptune/base/json.h"
#include "conceptune/results/bootstrap.h"
#include "conceptune/results/correlation.h"

namespace conceptune::evaluation {

/// A benchmark or passage set, as a question names it.
struct ContrastSet {
  std::string benchmark;
  std::string convention;  // empty where none applies
  bool operator==(const ContrastSet&) const = default;
};

/// The subjects that were trained with one seed.
struct ContrastSeed {
  std::string plus, minus;
  std::string reference;  // of the gain that `minus` may explain; empty for none
  bool operator==(const ContrastSeed&) const = default;
};

/// One difference that is asked for, fixed before anything is measured.
struct Contrast {
  std::string question;                // its name
  std::string plus, minus, reference;  // the sides' labels; the last one may be empty
  std::optional<double> concept_weight;
  std::string metric;
  std::vector<ContrastSet> sets;  // several: the mean over them
  std::vector<ContrastSeed> seeds;
  double margin = 0;  // a smaller difference does not matter; in the metric's unit
  bool operator==(const Contrast&) const = default;
};

/// What was found for a contrast.
struct Answer {
  Contrast contrast;
  std::vector<std::int64_t> items;  // that were resampled, by set
  std::string resampled;            // what they are: "pairs", "passages", …
  Statistic difference;             // plus minus minus, the mean over seeds and sets
  std::vector<double> by_seed;
  std::optional<Interval> interval;       // other items and other seeds (join_seeds())
  std::optional<Interval> seed_interval;  // Student's over the seeds, on these items
  std::optional<double> p;                // two-sided, from the resamples of `interval`
  /// (minus - reference) / (plus - reference), where there is a reference.
  std::optional<double> explained;
  std::optional<Interval> explained_interval;  // none where the gain itself may be 0
};

Json to_json(const Contrast& contrast);
Json to_json(const Answer& answer);
/// Throws nlohmann's exceptions.
Answer answer_from_json(const Json& object);

}  // namespace conceptune::evaluation
