// A loss of one's own: 1 − the probability of the concept set, in the place of the paper's −log. A word that
// the model would never say has almost no gradient then, and cannot rule the update.
//
// usage: own_loss MODEL DATASET FOLDER
#include <cmath>
#include <cstdio>
#include <exception>

#include "conceptune/training/loss/objective_options.h"
#include "conceptune/training/run/adapter_training.h"

using namespace conceptune;

namespace {

/// The term at one content word with its gradient, −∂loss/∂log p for each member: p itself.
training::ConceptTerm missing_mass(const training::PredictedConcept& predicted,
                                   const training::ObjectiveOptions& /*options*/) {
  const double mass = std::exp(predicted.log_mass);
  training::ConceptTerm term{.loss = 1 - mass, .weight_sum = mass};
  for (const double log_share : predicted.log_shares) term.weights.push_back(std::exp(log_share));
  return term;
}

training::LossWeights weights(const training::ObjectiveOptions& options) {
  return {.next_token = 1 - options.concept_weight, .concept_words = options.concept_weight};
}

constexpr training::LossRule kMissingMass = {
    .name = "missing-mass", .weights = weights, .concept_term = missing_mass};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return std::fputs("usage: own_loss MODEL DATASET FOLDER\n", stderr), 2;
  try {
    const generation::LanguageModel model(argv[1]);
    training::TrainingOptions options;
    options.objective.loss = training::Loss(kMissingMass);
    options.objective.concept_weight = 1;
    options.epochs = 2;
    options.log_every = 1;
    const training::DataRequest request{.datasets = {argv[2]},
                                        .validation_datasets = {},
                                        .tokenizer_hash = model.tokenizer()->hash(),
                                        .begin_token = model.tokenizer()->begin_token()};
    auto data = training::read_training_data(request, options);
    const auto result = training::train_model(model, argv[1], std::move(data), options, argv[3]);
    for (const auto& point : result.validation_losses)
      std::printf("step %4td  missing mass %.4f\n", point.step, point.concept_loss);
    std::printf("adapter in %s\n", result.adapter.c_str());
  } catch (const std::exception& error) {
    return std::fprintf(stderr, "%s\n", error.what()), 1;
  }
}
