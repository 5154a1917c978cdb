// The folder of a training run: where its files lie, which run it belongs to, and what a finished one says.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "conceptune/training/adamw.h"
#include "conceptune/training/checkpoint.h"
#include "conceptune/training/trainer.h"
#include "conceptune/training/training_state.h"

namespace conceptune::training {

class RunFolder {
 public:
  /// Makes the folder. Throws InputError when it holds a run with other options or data, saying which option.
  RunFolder(std::filesystem::path folder, const Trainable& model, const TrainingData& data,
            const TrainingOptions& options);

  std::filesystem::path best_path() const { return folder_ / "best"; }
  std::filesystem::path last_path() const { return folder_ / "last"; }
  std::filesystem::path log_path() const { return folder_ / "log.jsonl"; }

  std::optional<Checkpoint> newest_checkpoint() const;
  void add_checkpoint(const TrainingState& state, const std::vector<weights::NamedTensor>& parameters,
                      const AdamW& optimizer, std::int64_t kept) const;

  /// training.json, which is written last.
  bool is_finished() const;
  void write_result(const TrainingState& state) const;
  /// Throws InputError when training.json or the log is damaged.
  TrainingResult result() const;

 private:
  std::filesystem::path checkpoints_path() const { return folder_ / "checkpoints"; }
  std::filesystem::path result_path() const { return folder_ / "training.json"; }

  std::filesystem::path folder_;
  Json identity_;
};

/// Puts a checkpoint's values into the parameters and the optimizer. Throws InputError where they do not fit.
void restore_tensors(const Checkpoint& checkpoint, const std::vector<weights::NamedTensor>& parameters,
                     AdamW& optimizer, std::int64_t steps);

}  // namespace conceptune::training
