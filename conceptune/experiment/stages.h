// The stages of a run as cached products: each asks for the products that it is made from.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <vector>

#include "conceptune/base/progress.h"
#include "conceptune/experiment/evaluation_group.h"
#include "conceptune/experiment/experiment_config.h"
#include "conceptune/experiment/measured_sets.h"
#include "conceptune/experiment/stage_cache.h"
#include "conceptune/experiment/store.h"
#include "conceptune/runtime/generation/language_model.h"
#include "conceptune/training/options.h"

namespace conceptune::experiment {

class Stages {
 public:
  /// Products come from `products`; hashes of inputs are kept in `store`.
  Stages(RunStore& store, ProductSource& products, ProgressObserver* observer = nullptr,
         std::stop_token stop = {});

  /// Sampled passages.
  Product corpus(const RunConfig& config);
  /// Concept dataset of one split.
  Product dataset(const RunConfig& config, Split split);
  /// The training split's dataset with the changes of config.variant.
  Product training_dataset(const RunConfig& config);
  /// The training run of an arm; its adapter, or its model where all weights are trained, is the folder
  /// best/.
  Product adapter(const Arm& arm);
  /// Results of a base model and its arms on the first arm's benchmarks and all planned passages, with the
  /// answers to what is asked of them.
  Product evaluation(const Experiment& experiment, const EvaluationGroup& group);

 private:
  /// A model to be run with these options. Its files are read once; the last one asked for stays ready to
  /// run.
  generation::LanguageModel language_model(const std::filesystem::path& path,
                                           const model::DecoderOptions& options);

  /// The dataset that `change` makes of another one; `operation` says how.
  Product changed(
      const Product& dataset, const Json& operation,
      const std::function<void(const std::filesystem::path& input, const Destination& output)>& change);

  RunStore& store_;
  ProductSource& products_;
  ProgressObserver* observer_;
  std::stop_token stop_;
  std::map<std::filesystem::path, generation::LanguageModel> models_;
};

}  // namespace conceptune::experiment
