// Everything that decides a training run. Defaults are the paper's (section 3.3 and appendix B); what it
// leaves open (schedule, decay, clipping, when to evaluate) follows the usual defaults of the field.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "conceptune/options/option_fields.h"
#include "conceptune/runtime/model/decoder_weights.h"
#include "conceptune/runtime/model/lora.h"
#include "conceptune/training/loss/objective_options.h"

namespace conceptune::training {

/// skip: synonyms of several tokens do not count. first_token: their first token stands for them, as in the
/// authors' code. product: they count with the product of their tokens' probabilities.
enum class MultiTokenSynonyms { skip, first_token, product };

/// What is trained: a low-rank adapter on frozen weights, or all weights of the model.
enum class Method { lora, full };

/// Whether batches keep few activations for the backward pass and compute the rest again (Chen et al.,
/// "Training Deep Nets with Sublinear Memory Cost", 2016); automatic: where they would not fit the memory.
enum class Recompute { automatic, on, off };

/// Course of the learning rate after warm-up: level, or down to 0 at the last step.
enum class Schedule { constant, linear, cosine };

}  // namespace conceptune::training

template <>
inline constexpr std::pair<const char*, conceptune::training::MultiTokenSynonyms>
    conceptune::enum_names<conceptune::training::MultiTokenSynonyms>[] = {
        {"skip", conceptune::training::MultiTokenSynonyms::skip},
        {"first-token", conceptune::training::MultiTokenSynonyms::first_token},
        {"product", conceptune::training::MultiTokenSynonyms::product}};
template <>
inline constexpr std::pair<const char*, conceptune::training::Method>
    conceptune::enum_names<conceptune::training::Method>[] = {{"lora", conceptune::training::Method::lora},
                                                              {"full", conceptune::training::Method::full}};
template <>
inline constexpr std::pair<const char*, conceptune::training::Recompute>
    conceptune::enum_names<conceptune::training::Recompute>[] = {
        {"auto", conceptune::training::Recompute::automatic},
        {"on", conceptune::training::Recompute::on},
        {"off", conceptune::training::Recompute::off}};
template <>
inline constexpr std::pair<const char*, conceptune::training::Schedule>
    conceptune::enum_names<conceptune::training::Schedule>[] = {
        {"constant", conceptune::training::Schedule::constant},
        {"linear", conceptune::training::Schedule::linear},
        {"cosine", conceptune::training::Schedule::cosine}};

namespace conceptune::training {

struct BatchOptions {
  std::int64_t passages = 2;
  std::int64_t tokens = 0;
  std::int64_t accumulation = 1;
  std::int64_t max_length = 256;
  std::int64_t synonyms = 10;
  std::int64_t augment = 0;
  MultiTokenSynonyms multi_token_synonyms = MultiTokenSynonyms::skip;
  std::int64_t synonym_tokens = 64;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("passages", passages, "Passages in a batch, unless batches are filled by tokens", at_least(1));
    visit("tokens", tokens, "Fill batches with whole passages up to this many tokens; 0: by passages",
          at_least(0));
    visit("accumulation", accumulation, "Batches whose gradients are summed before each update", at_least(1));
    visit("max_length", max_length, "Tokens at which a passage is cut off", at_least(2));
    visit("synonyms", synonyms, "Most synonyms of a concept set, besides the word itself", at_least(0));
    visit("augment", augment, "Copies of each training passage with content words swapped for synonyms",
          between(0, 64));
    visit("multi_token_synonyms", multi_token_synonyms, "What synonyms of several tokens count");
    visit("synonym_tokens", synonym_tokens,
          "Most tokens that synonyms of several tokens add to a passage when they count with their product",
          at_least(0));
  }
};

struct OptimizerOptions {
  double learning_rate = 7e-5;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;
  double clip_norm = 1;
  Schedule schedule = Schedule::linear;
  double warmup = 0;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("learning_rate", learning_rate, "Largest learning rate", between(0, 10));
    visit("beta1", beta1, "AdamW's decay of the mean gradient", between(0, 0.999999));
    visit("beta2", beta2, "AdamW's decay of the mean squared gradient", between(0, 0.999999999));
    visit("epsilon", epsilon, "AdamW's addition to the denominator", between(1e-16, 1));
    visit("weight_decay", weight_decay, "Decoupled weight decay", between(0, 100));
    visit("clip_norm", clip_norm, "Norm to which larger gradients are scaled down; 0: never", at_least(0));
    visit("schedule", schedule, "Course of the learning rate after warm-up");
    visit("warmup", warmup, "Share of all steps over which the learning rate rises from 0", between(0, 1));
  }
};

struct CheckpointOptions {
  std::int64_t every_steps = 0;
  double every_seconds = 600;
  std::int64_t kept = 2;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("every_steps", every_steps, "Steps between checkpoints; 0: by time and at evaluations alone",
          at_least(0));
    visit("every_seconds", every_seconds, "Seconds between checkpoints; 0: by steps and at evaluations alone",
          at_least(0));
    visit("kept", kept, "Newest checkpoints kept", at_least(1));
  }
};

struct LogOptions {
  bool csv = true;
  bool tensorboard = true;
  std::vector<std::string> prompts;
  std::int64_t prompt_tokens = 10;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("csv", csv, "Write log.csv beside log.jsonl");
    visit("tensorboard", tensorboard, "Write an event file for TensorBoard beside log.jsonl");
    visit("prompts", prompts, "Texts whose likeliest next tokens are logged at each evaluation");
    visit("prompt_tokens", prompt_tokens, "Next tokens logged for each prompt", between(1, 1000));
  }

  void check(const ReportProblem& report) const {
    for (const auto& prompt : prompts)
      if (prompt.empty()) report("prompts", "has an empty text, expected something to go on from");
  }
};

struct MemoryOptions {
  std::int64_t bytes = 0;
  Recompute recompute = Recompute::automatic;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("bytes", bytes, "Memory that the process may fill in training; 0: four fifths of what is available",
          at_least(0));
    visit("recompute", recompute,
          "Keep few activations for the backward pass and compute the rest again: a third slower, the same "
          "bits; auto: for batches that would not fit the memory");
  }
};

struct TrainingOptions {
  Method method = Method::lora;
  std::int64_t seed = 42;
  std::int64_t epochs = 5;
  std::int64_t max_steps = 0;
  double validation_share = 0.1;
  std::int64_t evaluate_every = 0;
  std::int64_t patience = 5;
  double threshold = 0;
  std::int64_t log_every = 10;
  ObjectiveOptions objective;
  BatchOptions batch;
  OptimizerOptions optimizer;
  model::LoraOptions lora;
  CheckpointOptions checkpoint;
  LogOptions log;
  MemoryOptions memory;
  model::DataType exchange = model::DataType::float32;

  template <class Visitor>
  void visit_fields(Visitor&& visit) {
    visit("method", method, "lora: an adapter on frozen weights; full: all weights, for small models");
    visit("seed", seed,
          "Seed of the split, the order, the adapter's start, its dropout and draws among synonyms",
          at_least(0));
    visit("epochs", epochs, "Passes over the training passages", at_least(1));
    visit("max_steps", max_steps, "Updates after which training ends; 0: no limit", at_least(0));
    visit("validation_share", validation_share, "Share of the passages that is validated on",
          between(0, 0.9));
    visit("evaluate_every", evaluate_every, "Updates between evaluations; 0: four evaluations an epoch",
          at_least(0));
    visit("patience", patience, "Evaluations without improvement after which training ends; 0: never",
          at_least(0));
    visit("threshold", threshold, "Fall of the validation loss that counts as improvement", at_least(0));
    visit("log_every", log_every, "Updates that one line of the log sums up", at_least(1));
    visit("objective", objective, "What is minimised");
    visit("batch", batch, "What an update is computed from");
    visit("optimizer", optimizer, "AdamW and its schedule");
    visit("lora", lora, "The adapter");
    visit("checkpoint", checkpoint, "When the run's state is saved", cost());
    visit("log", log, "What is written beside log.jsonl, and prompts to look at", cost());
    visit("memory", memory, "What activations may take", cost());
    visit("exchange", exchange,
          "Number type in which ranks send each other the gradient; bfloat16: half the bytes, rounded");
  }
};

/// Options of the authors' released code where they differ from the paper's text: dropout 0.2, batches of 8
/// and two of them an update, cosine schedule with warm-up, weight decay, the blended loss, synonyms by their
/// first token.
TrainingOptions authors_preset();

/// The defaults named "paper", or authors_preset() as "authors"; nothing for another name.
std::optional<TrainingOptions> preset_named(std::string_view name);
/// "paper, authors".
std::string preset_names();

}  // namespace conceptune::training
