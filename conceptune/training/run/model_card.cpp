#include "conceptune/training/run/model_card.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>
#include <vector>

#include "conceptune/version.h"

namespace conceptune::training {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

/// The first digits of the hashes in a list, or of one.
std::string short_hashes(const Json& made_from, const char* key) {
  if (!made_from.contains(key)) return {};
  std::vector<std::string> hashes;
  const Json& value = made_from.at(key);
  for (const Json& hash : value.is_array() ? value : Json::array({value}))
    hashes.push_back(hash.get<std::string>().substr(0, 12));
  return fmt::format("{}", fmt::join(hashes, ", "));
}

void add_objective(const ObjectiveOptions& options, Rows& rows) {
  const LossRule& rule = options.loss.rule();
  rows.emplace_back("loss", std::string(rule.name));
  if (rule.uses_concept_weight)
    rows.emplace_back("λ, weight of the concept loss", fmt::format("{}", options.concept_weight));
  if (rule.uses_target_mass) rows.emplace_back("τ, target mass", fmt::format("{}", options.target_mass));
}

void add_method(const TrainingOptions& options, Rows& rows) {
  if (options.method == Method::full) return rows.emplace_back("trained", "all weights"), void();
  rows.emplace_back("trained", fmt::format("LoRA of rank {}, alpha {}, dropout {}, on {}", options.lora.rank,
                                           options.lora.alpha, options.lora.dropout,
                                           fmt::join(options.lora.targets, ", ")));
}

void add_data(const TrainingData& data, Rows& rows) {
  if (!data.concept_sources.empty())
    rows.emplace_back("source of the concepts", fmt::format("{}", fmt::join(data.concept_sources, "; ")));
  rows.emplace_back("passages", fmt::format("{} to train on, {} to validate on", data.training.size(),
                                            data.validation.size()));
  for (const auto& [key, name] : {std::pair{"datasets", "concept datasets (SHA-256 of their cards)"},
                                  {"validation_datasets", "validated on"},
                                  {"model", "base model (SHA-256)"}})
    if (const std::string hashes = short_hashes(data.made_from, key); !hashes.empty())
      rows.emplace_back(name, hashes);
}

}  // namespace

std::string describe_training(std::string_view state, const TrainingOptions& options,
                              const TrainingData& data) {
  Rows rows;
  add_objective(options.objective, rows);
  add_method(options, rows);
  rows.emplace_back("learning rate", fmt::format("{}, {}", options.optimizer.learning_rate,
                                                 name_of(options.optimizer.schedule)));
  rows.emplace_back("epochs at most",
                    fmt::format("{}, {} steps", options.epochs, count_steps(data.training, options)));
  rows.emplace_back("seed", fmt::format("{}", options.seed));
  add_data(data, rows);
  rows.emplace_back("made with", "conceptune " CONCEPTUNE_VERSION);
  std::string text = fmt::format("{}\n\n## Training\n| | |\n|---|---|\n", state);
  for (const auto& [name, value] : rows) text += fmt::format("| {} | {} |\n", name, value);
  return text;
}

}  // namespace conceptune::training
