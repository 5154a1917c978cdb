#include "conceptune/training/options.h"

namespace conceptune::training {

TrainingOptions authors_preset() {
  TrainingOptions options;
  options.patience = 5;
  options.threshold = 0.001;
  options.objective.loss = value_named<Loss>("blended").value();
  options.batch.passages = 8;
  options.batch.accumulation = 2;
  options.batch.multi_token_synonyms = MultiTokenSynonyms::first_token;
  options.optimizer.schedule = Schedule::cosine;
  options.optimizer.warmup = 0.08;
  options.optimizer.weight_decay = 0.05;
  options.lora.dropout = 0.2;
  return options;
}

std::optional<TrainingOptions> preset_named(std::string_view name) {
  if (name == "paper") return TrainingOptions();
  if (name == "authors") return authors_preset();
  return std::nullopt;
}

std::string preset_names() { return "paper, authors"; }

}  // namespace conceptune::training
