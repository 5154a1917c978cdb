// The stages of a run as cached products: each asks for the products that it is made from.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "conceptune/base/progress.h"
#include "conceptune/experiment/evaluation_group.h"
#include "conceptune/experiment/experiment_config.h"
#include "conceptune/experiment/stage_cache.h"
#include "conceptune/experiment/store.h"
#include "conceptune/runtime/model/decoder.h"
#include "conceptune/runtime/tokenizer/tokenizer.h"
#include "conceptune/training/options.h"

namespace conceptune::experiment {

/// Which passages of a corpus a dataset holds.
enum class Split { train, held_out };

class Stages {
 public:
  Stages(RunStore& store, ProgressObserver* observer, std::stop_token stop);
  ~Stages();

  /// Sampled passages.
  Product corpus(const RunConfig& config);
  /// Concept dataset of one split.
  Product dataset(const RunConfig& config, Split split);
  /// The training split's dataset with the changes of config.variant.
  Product training_dataset(const RunConfig& config);
  /// The training run of an arm; its adapter, or its model where all weights are trained, is the folder
  /// best/.
  Product adapter(const Arm& arm);
  /// Results of a base model and its arms on the first arm's benchmarks and the held-out passages of all.
  Product evaluation(const EvaluationGroup& group);

  /// Products that were made rather than reused so far.
  int made() const { return cache_.made(); }

 private:
  struct Loaded;

  /// A model's tokenizer; loaded once.
  std::shared_ptr<const tokenizer::Tokenizer> tokenizer(const std::filesystem::path& model);

  /// The dataset that `change` makes of another one; `operation` says how.
  Product changed(
      const Product& dataset, const Json& operation,
      const std::function<void(const std::filesystem::path& input, const Destination& output)>& change);
  std::shared_ptr<const model::Decoder> decoder(const std::filesystem::path& model,
                                                const model::DecoderOptions& options);

  RunStore& store_;
  StageCache cache_;
  ProgressObserver* observer_;
  std::stop_token stop_;
  std::unique_ptr<Loaded> loaded_;
};

}  // namespace conceptune::experiment
