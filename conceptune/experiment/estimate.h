// What an experiment will cost, from a look at its inputs and a short measurement of the machine.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "conceptune/experiment/experiment_config.h"

namespace conceptune::experiment {

/// Seconds: on an idle machine, and on one that goes on as it is now or slower.
struct Duration {
  double low = 0, high = 0;
};

/// The expected work of one stage of one arm (or of all).
struct StageEstimate {
  std::string stage;
  /// The arm, the source of an annotation, or the model that is evaluated.
  std::string subject;
  std::int64_t passages = 0;
  std::int64_t tokens = 0;
  /// Updates; 0 for stages without.
  std::int64_t steps = 0;
  Duration seconds = {};
  /// The arm without its seeds: arms that share it are repetitions of each other. Empty for what arms share.
  std::string condition = {};
};

struct ExperimentEstimate {
  std::vector<StageEstimate> stages;
  Duration seconds = {};
  std::int64_t peak_memory_bytes = 0;
  std::int64_t disk_bytes = 0;
  /// What the model's passes reach in FLOP a second, measured now by the clock.
  double flop_rate = 0;
  /// What a passage holds on average, from the first documents of the corpus.
  double tokens_per_passage = 0;
};

/// Multiplications and additions of one token through a decoder: `layers_flop` without the head.
struct TokenCost {
  double layers_flop = 0;
  double head_flop = 0;
};

/// Content words among tokens (paper, section 3.1): the rows that annotation projects onto the vocabulary.
inline constexpr double kContentShare = 0.28;

/// Cost of a forward pass through a model of these shapes (2 FLOP a weight).
TokenCost forward_cost(const weights::ModelConfig& config);

/// Of annotating so many passages by the options' source. `model` gives the tokens; `asked` is what prompts
/// are put to, where they are put to a model here.
double annotation_flop(const TokenCost& model, const TokenCost& asked, double passages,
                       double tokens_per_passage, const concepts::AnnotateOptions& options);

/// Updates that training does on so many passages; batches by tokens count as batches of passages of
/// `tokens_per_passage`.
std::int64_t expected_steps(const training::TrainingOptions& options, std::int64_t passages,
                            double tokens_per_passage);

/// Estimates what a run without any product would take: shared stages once. Reads the first documents of each
/// corpus and runs passes through a few layers of the models for some seconds; makes nothing. Inputs must be
/// sound (check_inputs()).
ExperimentEstimate estimate_experiment(const Experiment& experiment);

}  // namespace conceptune::experiment
