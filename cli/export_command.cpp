// conceptune export: an adapter in another program's format.
#include <fmt/format.h>

#include "cli/commands.h"
#include "conceptune/base/json.h"
#include "conceptune/results/subject_names.h"
#include "conceptune/runtime/model/gguf_adapter.h"
#include "conceptune/runtime/weights/weight_store.h"

namespace conceptune::cli {
namespace {

struct ExportCommand {
  std::filesystem::path adapter;
  std::filesystem::path model;
  OutputOption output;
  std::string to = "gguf";
  std::string type = "f32";
  bool json = false;
};

/// The folder's name, or for what a training run holds the run's.
std::string name_of_adapter(const std::filesystem::path& folder) {
  return evaluation::name_folders(std::vector<std::string>{folder.string()}).front().name;
}

void run_export(const ExportCommand& command, const Terminal& terminal) {
  const auto trained = evaluation::trained_in(command.adapter);
  const std::filesystem::path inputs[] = {command.model, trained};
  model::check_gguf_adapter_output(command.output.destination(), inputs);
  const auto config = weights::WeightStore::open(command.model)->config();
  const auto adapter = model::load_adapter(trained, config);
  const auto storage = command.type == "f16" ? weights::GgufStorage::f16 : weights::GgufStorage::f32;
  model::write_gguf_adapter(command.output.destination(), *adapter, config, name_of_adapter(command.adapter),
                            storage);
  const std::string path = command.output.path.string();
  if (command.json)
    return terminal.print(
        to_json_text({{"adapter", path}, {"format", command.to}, {"tensors", adapter->parameters().size()}}));
  terminal.print(fmt::format("{} ({} matrices, {})", path, adapter->parameters().size(), command.type));
}

}  // namespace

void add_export_command(CLI::App& program, Terminal& terminal) {
  auto* app = program.add_subcommand("export", "Write an adapter in another program's format");
  auto command = std::make_shared<ExportCommand>();
  app->add_option("adapter", command->adapter,
                  "Adapter folder (PEFT's format); a training run stands for its best")
      ->required();
  add_model_option(*app, command->model, "Base model of the adapter: a GGUF file or a Hugging Face folder");
  command->output.add_to(*app, "New file, named ….gguf", "adapter")->required();
  app->add_option("--to", command->to, "Format: what llama.cpp takes by --lora (one of gguf)")
      ->check(one_of({"gguf"}))
      ->capture_default_str();
  app->add_option("--type", command->type, "Numbers of the matrices (one of f32, f16)")
      ->check(one_of({"f32", "f16"}))
      ->capture_default_str();
  app->add_flag("--json", command->json, "Print JSON");
  app->callback([command, &terminal] { run_export(*command, terminal); });
}

}  // namespace conceptune::cli
