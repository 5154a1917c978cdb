// conceptune train: concept datasets → adapter, or model where all weights are trained.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <sstream>

#include "cli/commands.h"
#include "cli/launch.h"
#include "cli/setting_flags.h"
#include "conceptune/base/error.h"
#include "conceptune/base/messages.h"
#include "conceptune/base/quantity.h"
#include "conceptune/runtime/generation/language_model.h"
#include "conceptune/runtime/kernels/profile.h"
#include "conceptune/runtime/matrices/threads.h"
#include "conceptune/runtime/model/adapter_card.h"
#include "conceptune/runtime/model/environment.h"
#include "conceptune/runtime/model/workload.h"
#include "conceptune/training/ranks/process_group.h"
#include "conceptune/training/run/adapter_training.h"
#include "conceptune/training/run/profile_table.h"
#include "conceptune/training/run/run_folder.h"

namespace conceptune::cli {
namespace {

struct TrainCommand {
  std::filesystem::path model;
  training::DataRequest request;
  std::filesystem::path output;
  std::string base_name;
  std::string preset = "paper";
  int launch = 0;
  bool json = false;
  bool profile = false;

  training::TrainingOptions options;
  model::DecoderOptions decoder;
};

std::vector<experiment::ConfigField> fields_of(TrainCommand& command) {
  auto fields = experiment::list_fields(command.options);
  experiment::append_fields(command.decoder, "model.", fields);
  return fields;
}

double tokens_per_second(const training::TrainingResult& result) {
  return static_cast<double>(result.tokens) / std::max(result.seconds, 1e-9);
}

Json to_json(const training::TrainingResult& result) {
  return {{"adapter", result.adapter.string()},
          {"steps", result.steps},
          {"stopped_early", result.stopped_early},
          {"best_step", result.best_step},
          {"best_validation_loss", result.validation_losses.empty() ? Json() : Json(result.best_loss)},
          {"tokens", result.tokens},
          {"seconds", result.seconds},
          {"tokens_per_second", tokens_per_second(result)}};
}

/// The same for people.
void print_summary(const training::TrainingResult& result, training::Method method, Terminal& terminal) {
  const auto print = [&](const char* name, const std::string& value) {
    terminal.print(fmt::format("{:<11} {}", name, value));
  };
  print(method == training::Method::full ? "model" : "adapter", result.adapter.string());
  print("steps", count_text(result.steps) + (result.stopped_early ? ", stopped early" : ""));
  if (!result.validation_losses.empty())
    print("best",
          fmt::format("step {}, validation loss {:.4f}", count_text(result.best_step), result.best_loss));
  print("tokens", fmt::format("{}, {} a second", count_text(result.tokens),
                              count_text(std::llround(tokens_per_second(result)))));
  print("time", duration_text(result.seconds));
}

/// Meets the ranks that a launcher's variables speak of; null where there are none.
std::unique_ptr<training::Ranks> connect(TrainCommand& command, Terminal& terminal) {
  const auto settings = training::rank_settings_from_environment();
  if (!settings || settings->size == 1) return nullptr;
  terminal.set_prefix(fmt::format("rank {}: ", settings->rank));
  if (command.decoder.device == "cuda") command.decoder.device = fmt::format("cuda:{}", settings->local_rank);
  return training::connect_ranks(*settings);
}

/// Trains and then tells on stderr where the time went.
training::TrainingResult profiled(const TrainCommand& command, const weights::ModelConfig& shape,
                                  const std::function<training::TrainingResult()>& train) {
  const auto& batch = command.options.batch;
  const double rate =
      model::product_rate(shape, batch.tokens > 0 ? batch.tokens : batch.passages * batch.max_length,
                          command.decoder.type == model::DataType::bfloat16 ? model::fastest_products()
                                                                            : model::ProductType::float32);
  const auto begin = std::chrono::steady_clock::now();
  kernels::start_profile();
  const auto result = train();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  std::istringstream table(
      training::profile_table(kernels::stop_profile(), {seconds, model::threads(), rate}));
  for (std::string line; std::getline(table, line);) inform(line);
  return result;
}

std::vector<std::filesystem::path> inputs_of(const TrainCommand& command) {
  std::vector<std::filesystem::path> inputs = command.request.datasets;
  const auto& validation = command.request.validation_datasets;
  inputs.insert(inputs.end(), validation.begin(), validation.end());
  inputs.push_back(command.model);
  return inputs;
}

void run_train(TrainCommand& command, const SettingFlags& settings, Terminal& terminal) {
  command.options = training::preset_named(command.preset).value();
  settings.apply("training");
  training::check_run_folder(command.output, inputs_of(command));
  if (command.launch > 0) return launch_ranks(command.launch, terminal.stop_token());
  const auto ranks = connect(command, terminal);
  const bool is_first = !ranks || ranks->is_first();
  if (is_first) model::tell_of_bf16_products(command.decoder.type);

  const generation::LanguageModel model(command.model, command.decoder);
  command.request.tokenizer_hash = model.tokenizer()->hash();
  command.request.begin_token = model.tokenizer()->begin_token();
  auto data = training::read_training_data(command.request, command.options);
  data.prompts = training::prepare_prompts(model.tokenizer(), command.options.log.prompts);
  const auto train = [&] {
    return training::train_model(model, model::base_name(command.base_name, command.model), std::move(data),
                                 command.options, command.output, is_first ? &terminal : nullptr,
                                 terminal.stop_token(), ranks.get());
  };
  const auto result = command.profile && is_first ? profiled(command, model.config(), train) : train();
  if (!is_first) return;
  if (command.json) return terminal.print(to_json_text(to_json(result)));
  print_summary(result, command.options.method, terminal);
}

void add_settings(SettingFlags& settings) {
  settings.add("--method", "method");
  settings.add("--loss", "objective.loss");
  settings.add("--concept-weight", "objective.concept_weight");
  settings.add("--epochs", "epochs");
  settings.add("--max-steps", "max_steps");
  settings.add("--batch", "batch.passages");
  settings.add("--learning-rate", "optimizer.learning_rate");
  settings.add("--rank", "lora.rank");
  settings.add("--seed", "seed");
  settings.add("--device", "model.device");
  settings.add("--type", "model.type");
  settings.add_set("keys as under [training] in docs/configuration.md, and those of [model] as model.KEY");
}

}  // namespace

void add_train_command(CLI::App& program, Terminal& terminal) {
  auto* app = program.add_subcommand(
      "train", "Train an adapter, or all weights, on concept datasets; resumes what was stopped");
  auto command = std::make_shared<TrainCommand>();
  add_model_option(*app, command->model, "Base model: a GGUF file or a Hugging Face folder");
  app->add_option("-d,--dataset", command->request.datasets, "Concept datasets to train on")->required();
  app->add_option("--validation", command->request.validation_datasets,
                  "Concept datasets to validate on, instead of a share of the others");
  app->add_option("-o,--output", command->output, "Folder of the run; holds best/ and last/ in the end")
      ->required();
  app->add_option(
      "--base-name", command->base_name,
      "What the adapter calls its base, ORG/NAME of a hub: PEFT loads it by that [default: the model's "
      "absolute path]");
  app->add_option("--preset", command->preset,
                  "Defaults: the paper's, or those of its authors' released code (one of paper, authors)")
      ->check(one_of({"paper", "authors"}))
      ->capture_default_str();
  auto settings = std::make_shared<SettingFlags>(*app, fields_of(*command));
  add_settings(*settings);
  app->add_option("--launch", command->launch,
                  "Train with this many processes on this machine, data-parallel (between 1 and 1024) "
                  "[default: this process alone]")
      ->check(in_range(between(1, 1024)));
  app->add_flag("--profile", command->profile, "Tell on stderr where the time went, by operation");
  app->add_flag("--json", command->json, "Print JSON");
  app->callback([command, settings, &terminal] { run_train(*command, *settings, terminal); });
}

}  // namespace conceptune::cli
