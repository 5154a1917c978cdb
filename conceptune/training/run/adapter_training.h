// From concept datasets and a model to a trained adapter or model: what `conceptune train` and experiments
// call.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "conceptune/runtime/model/decoder.h"
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

/// The base model as an adapter's folder and a resumed run know it.
struct BaseModel {
  std::string name;
  /// WeightStore::hash().
  std::string hash;
  /// A GGUF file or a Hugging Face folder.
  std::filesystem::path path = {};
};

/// Trains a new adapter with train() of trainer.h: its folder, resuming, ranks and errors. The result's
/// `adapter` is the folder of the best one.
TrainingResult train_adapter(const model::Decoder& decoder, const BaseModel& base, TrainingData data,
                             const TrainingOptions& options, const std::filesystem::path& folder,
                             ProgressObserver* observer = nullptr, std::stop_token stop = {},
                             Ranks* ranks = nullptr);

/// The same for all weights of the model (Method::full), which is loaded from base.path in float32. best/ and
/// last/ are models.
TrainingResult train_all_weights(const BaseModel& base, const model::DecoderOptions& decoder,
                                 TrainingData data, const TrainingOptions& options,
                                 const std::filesystem::path& folder, ProgressObserver* observer = nullptr,
                                 std::stop_token stop = {}, Ranks* ranks = nullptr);

}  // namespace conceptune::training
