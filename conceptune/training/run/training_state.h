// Where a run stands besides its parameters and moments: what a checkpoint's state.json holds.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "conceptune/base/json.h"
#include "conceptune/training/models/passes.h"

namespace conceptune::training {

struct TrainingState {
  /// Updates made, the epoch of the last one, tokens trained on, seconds spent, over all sessions of the run.
  std::int64_t step = 0;
  std::int64_t epoch = 0;
  std::int64_t tokens = 0;
  double seconds = 0;

  /// Step of the last evaluation; the best loss, and how many evaluations ago it last fell by the threshold.
  std::int64_t evaluated_step = 0;
  std::int64_t best_step = 0;
  double best_loss = std::numeric_limits<double>::infinity();
  std::int64_t evaluations_without_improvement = 0;
  bool stopped_early = false;

  /// Since the last line of the log, and that log's length.
  PassTotals unlogged;
  std::int64_t log_bytes = 0;

  /// Takes in an evaluation made at `step`. True when its loss is the lowest so far.
  bool record_evaluation(double loss, std::int64_t patience, double threshold);
};

Json state_to_json(const TrainingState& state);
/// Throws InputError (`where` in its message) for anything state_to_json could not have written.
TrainingState state_from_json(const Json& json, const std::string& where);

}  // namespace conceptune::training
