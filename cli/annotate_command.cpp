// conceptune annotate: passages → concept dataset.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/setting_flags.h"
#include "conceptune/base/error.h"
#include "conceptune/base/json.h"
#include "conceptune/concepts/annotate.h"
#include "conceptune/concepts/read_options.h"

namespace conceptune::cli {
namespace {

struct AnnotateCommand {
  concepts::AnnotateOptions options;
  std::filesystem::path passages;
  OutputOption output;
  std::filesystem::path model;
  std::filesystem::path pipeline;
  std::string shard;
  std::string device = "cpu";
  bool json = false;
};

/// "i/n", i from 1.
concepts::Shard parse_shard(const std::string& text) {
  if (text.empty()) return {};
  concepts::Shard shard;
  int used = 0;
  if (std::sscanf(text.c_str(), "%ld/%ld%n", &shard.index, &shard.count, &used) != 2 ||
      used != static_cast<int>(text.size()) || shard.index < 1 || shard.index > shard.count)
    throw InputError("--shard", text, "expected i/n with i from 1 to n");
  --shard.index;
  return shard;
}

void run_annotate(const AnnotateCommand& command, const SettingFlags& settings, Terminal& terminal) {
  settings.apply("annotating");
  concepts::warn_of_unread_options({&command.options, 1}, "annotating");
  const auto shard = parse_shard(command.shard);
  const auto lock = command.output.claim(ProductKind::dataset, "annotating", std::span(&command.passages, 1));
  const auto passages = corpus::read_passages(command.passages);
  const auto pipeline = command.pipeline.empty() ? std::nullopt : std::optional(command.pipeline);
  const generation::LanguageModel model(command.model, {.device = command.device});
  const auto models = concepts::load_annotation_models(model, pipeline, command.options);
  const auto statistics = concepts::annotate(passages, command.options, models, command.output.destination(),
                                             &terminal, terminal.stop_token(), shard);
  if (command.json) return terminal.print(to_json_text(statistics.to_json()));
  terminal.print(fmt::format(
      "{} passages, {} tokens, {} content words ({:.1f} %), {} with synonyms ({:.1f} %), "
      "{:.2f} synonyms each",
      statistics.passages, statistics.tokens, statistics.words,
      statistics.tokens
          ? 100.0 * static_cast<double>(statistics.words) / static_cast<double>(statistics.tokens)
          : 0.0,
      statistics.words_with_synonyms,
      statistics.words ? 100.0 * static_cast<double>(statistics.words_with_synonyms) /
                             static_cast<double>(statistics.words)
                       : 0.0,
      statistics.words_with_synonyms
          ? static_cast<double>(statistics.synonyms) / static_cast<double>(statistics.words_with_synonyms)
          : 0.0));
}

}  // namespace

void add_annotate_command(CLI::App& program, Terminal& terminal) {
  auto* app = program.add_subcommand("annotate", "Find the concepts of passages' content words");
  auto command = std::make_shared<AnnotateCommand>();
  app->add_option("passages", command->passages,
                  "Passages as JSON lines, e.g. train.jsonl of conceptune corpus")
      ->required();
  add_model_option(*app, command->model, "Model file or folder: its tokenizer, and its candidates");
  command->output.add_to(*app, "Dataset folder to write", "dataset")->required();
  app->add_option("--english-pipeline", command->pipeline, kEnglishPipelineHelp);
  auto settings = std::make_shared<SettingFlags>(*app, experiment::list_fields(command->options));
  add_annotation_flags(*settings);
  add_device_option(*app, command->device);
  app->add_option("--shard", command->shard,
                  "Do part i of n ('2/4'), which conceptune dataset merge joins [default: all]");
  settings->add_set("keys as under [annotation] in docs/configuration.md");
  app->add_flag("--json", command->json, "Print JSON");
  app->callback([command, settings, &terminal] { run_annotate(*command, *settings, terminal); });
}

}  // namespace conceptune::cli
