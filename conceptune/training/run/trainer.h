// The training loop: updates, evaluation, early stopping, checkpoints, log.
//
// A run lives in one folder: best/ and last/ (what was trained), log.jsonl, checkpoints/, and, when it is
// done, training.json. Started again with the same options it goes on from the newest whole checkpoint, and
// gives the same bytes as a run that was never stopped (with as many ranks). Rank 0 alone touches the folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <vector>

#include "conceptune/base/json.h"
#include "conceptune/base/progress.h"
#include "conceptune/corpus/passage_ids.h"
#include "conceptune/training/batches/passages.h"
#include "conceptune/training/models/trainable.h"
#include "conceptune/training/options.h"
#include "conceptune/training/ranks/ranks.h"
#include "conceptune/training/run/sample_predictions.h"

namespace conceptune::training {

struct TrainingData {
  std::vector<TrainingPassage> training;
  /// May be empty: then nothing is evaluated, and the best is the last.
  std::vector<TrainingPassage> validation;
  /// What the passages and the model come from, e.g. hashes; a run is resumed only where this is the same.
  Json made_from = Json::object();
  /// What the concept sets of each dataset are, in words for the model card: its source and counts.
  std::vector<std::string> concept_sources = {};
  /// Logged at each evaluation.
  SamplePrompts prompts = {};
  /// Of all texts that are trained or validated on; kept beside what is trained.
  corpus::PassageIds passage_ids = {};
};

/// One line of the log as a point of a loss curve; losses are means in nats.
struct LossPoint {
  std::int64_t step = 0;
  double loss = 0;
  double next_token_loss = 0;
  double concept_loss = 0;
};

struct TrainingResult {
  std::int64_t steps = 0;
  std::int64_t tokens = 0;
  double seconds = 0;
  bool stopped_early = false;
  std::int64_t best_step = 0;
  double best_loss = 0;
  std::vector<LossPoint> training_losses;
  std::vector<LossPoint> validation_losses;
  /// Folder of the best that was trained.
  std::filesystem::path adapter;
};

/// Updates of a whole run over `passages`.
std::int64_t count_steps(std::span<const TrainingPassage> passages, const TrainingOptions& options);

/// Trains the model's parameters in place and leaves them as they were last. Returns at once when `folder`
/// holds the finished run. Validation passages without anything that the loss looks at are left out, with a
/// warning. Throws InputError for training passages of that kind, and as RunFolder, Interrupted (after a
/// checkpoint) on a stop, Error before an update whose loss or gradient is not finite or whose gradient is 0
/// at a positive loss.
///
/// With several ranks each gives the same model, data and options (InputError otherwise) and trains on a
/// share of every update, by one all-reduce of all gradients; a stop asked of one stops all at the same step.
/// Throws LostRank, after a checkpoint where rank 0 lives. Ranks but the first return an empty result.
TrainingResult train(const Trainable& model, TrainingData data, const TrainingOptions& options,
                     const std::filesystem::path& folder, ProgressObserver* observer = nullptr,
                     std::stop_token stop = {}, Ranks* ranks = nullptr);

}  // namespace conceptune::training
