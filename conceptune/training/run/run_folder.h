// The folder of a training run: where its files lie, which run it belongs to, and what a finished one says.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "conceptune/base/file_lock.h"
#include "conceptune/training/optimizer/adamw.h"
#include "conceptune/training/ranks/ranks.h"
#include "conceptune/training/run/checkpoint.h"
#include "conceptune/training/run/trainer.h"
#include "conceptune/training/run/training_state.h"

namespace conceptune::training {

/// What must be the same for a run to go on, and on all its ranks: everything that decides its bytes.
Json run_identity(const Trainable& model, const TrainingData& data, const TrainingOptions& options);

/// The first place where two identities differ, as "options.batch.passages is 4, expected 2"; empty when
/// none.
std::string first_difference(const Json& found, const Json& expected, const std::string& name = {});

/// Throws as check_growing_destination().
void check_run_folder(const std::filesystem::path& folder,
                      std::span<const std::filesystem::path> inputs = {});

class RunFolder {
 public:
  /// Makes the folder and holds it for this process. Throws as check_run_folder(), and InputError when
  /// another process trains in it or it holds a run of another identity, saying what differs.
  RunFolder(std::filesystem::path folder, Json identity);

  std::filesystem::path best_path() const { return folder_ / "best"; }
  std::filesystem::path last_path() const { return folder_ / "last"; }
  std::filesystem::path log_path() const { return folder_ / "log.jsonl"; }

  std::optional<Checkpoint> newest_checkpoint() const;
  /// Keeps which passages the run trains or validates on, for evaluations that must not use them.
  void keep_passage_ids(const corpus::PassageIds& ids) const;
  void add_checkpoint(const TrainingState& state, const std::vector<weights::NamedMatrix>& parameters,
                      const AdamW& optimizer, std::int64_t kept) const;

  /// Whether training.json and the manifest, which are written last, are there. Throws InputError when a file
  /// of the finished run is not what was written.
  bool is_finished() const;
  void write_result(const TrainingState& state) const;
  /// Throws InputError when training.json or the log is damaged.
  TrainingResult result() const;

 private:
  std::filesystem::path checkpoints_path() const { return folder_ / "checkpoints"; }
  std::filesystem::path result_path() const { return folder_ / "training.json"; }

  std::filesystem::path folder_;
  Json identity_;
  FileLock lock_;
};

/// Throws InputError on every rank unless all have rank 0's identity, on those that differ saying what.
void check_same_run(Ranks& ranks, const Json& identity);

/// Gives all ranks the state, parameters and moments of rank 0, which alone need see the run's folder.
void share_state(Ranks& ranks, TrainingState& state, const std::vector<model::Matrix>& parameters,
                 AdamW& optimizer);

/// Throws Error on every rank unless parameters and moments are the same to the bit on all.
void check_equal_state(Ranks& ranks, const std::vector<model::Matrix>& parameters, const AdamW& optimizer);

/// Puts a checkpoint's values into the parameters and the optimizer. Throws InputError where they do not fit.
void restore_tensors(const Checkpoint& checkpoint, const std::vector<weights::NamedMatrix>& parameters,
                     AdamW& optimizer, std::int64_t steps);

}  // namespace conceptune::training
