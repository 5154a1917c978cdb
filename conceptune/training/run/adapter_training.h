// From concept datasets and a model to a trained adapter or model: what `conceptune train` and experiments
// call.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "conceptune/runtime/generation/language_model.h"
#include "conceptune/training/run/trainer.h"

namespace conceptune::training {

/// What datasets are read for.
struct DataRequest {
  std::vector<std::filesystem::path> datasets;
  /// Validated on instead of a share of `datasets`, when not empty.
  std::vector<std::filesystem::path> validation_datasets;
  /// Tokenizer::hash() and begin_token() of the model to train; datasets of another tokenizer are refused.
  std::string tokenizer_hash;
  std::optional<std::int32_t> begin_token;
};

/// Reads the datasets, splits them, adds swapped copies (BatchOptions::augment) and prepares the passages;
/// passages of a single token are left out. Throws InputError for an unreadable or foreign dataset, or one
/// without passages, or with a score below 0 where the loss takes scores as shares.
TrainingData read_training_data(const DataRequest& request, const TrainingOptions& options);

/// Trains a new adapter on the model, or all of its weights (Method::full), which are then loaded in float32,
/// with train() of trainer.h: its folder, resuming, ranks and errors. The result's `adapter` is the folder of
/// the best one. `base_name` is what an adapter calls its base (PEFT loads it by that). The model's options
/// are taken for_training().
TrainingResult train_model(const generation::LanguageModel& base, const std::string& base_name,
                           TrainingData data, const TrainingOptions& options,
                           const std::filesystem::path& folder, ProgressObserver* observer = nullptr,
                           std::stop_token stop = {}, Ranks* ranks = nullptr);

}  // namespace conceptune::training
