// conceptune annotate: passages → concept dataset.
#include <fmt/format.h>

#include "cli/commands.h"
#include "conceptune/base/error.h"
#include "conceptune/base/json.h"
#include "conceptune/concepts/annotate.h"
#include "conceptune/experiment/config_field.h"
#include "conceptune/experiment/config_source.h"

namespace conceptune::cli {
namespace {

struct AnnotateCommand {
  concepts::AnnotateOptions options;
  std::string source = "wordnet";
  std::filesystem::path passages;
  OutputOption output;
  std::filesystem::path model;
  std::filesystem::path pipeline;
  std::string shard;
  std::string device = "cpu";
  std::string type = "float32";
  std::vector<std::string> settings;
  bool no_candidates = false;
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

void run_annotate(AnnotateCommand& command, Terminal& terminal) {
  command.options.source = *value_named<concepts::SourceKind>(command.source);
  command.options.type = *value_named<model::DataType>(command.type);
  if (command.no_candidates) command.options.wordnet.use_candidates = false;
  experiment::apply_settings(command.settings, experiment::list_fields(command.options), "annotating");
  const auto shard = parse_shard(command.shard);
  check_folder_destination(command.output.destination(), ProductKind::dataset, "annotating",
                           std::span(&command.passages, 1));
  const auto passages = corpus::read_passages(command.passages);
  const auto pipeline = command.pipeline.empty() ? std::nullopt : std::optional(command.pipeline);
  const auto models =
      concepts::load_annotation_models(command.model, pipeline, command.options, command.device);
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
  auto& options = command->options;
  app->add_option("passages", command->passages,
                  "Passages as JSON lines, e.g. train.jsonl of conceptune corpus")
      ->required();
  app->add_option("-m,--model", command->model, "Model file or folder: its tokenizer, and its candidates")
      ->required();
  command->output.add_to(*app, "Dataset folder to write", "dataset")->required();
  app->add_option("--source", command->source, "Where concepts come from")
      ->check(one_of<concepts::SourceKind>())
      ->capture_default_str();
  app->add_option("--english-pipeline", command->pipeline, "Folder of spaCy's en_core_web_sm");
  app->add_option("--max-synonyms", options.max_synonyms, "Synonyms of a word at most")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app->add_option("--candidates", options.candidates.count, "Next tokens to look at for each word")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app->add_flag("--no-candidates", command->no_candidates, "WordNet's own words; no model is run");
  app->add_option("--table", options.file.table, "Table of --source file");
  app->add_option("--shard", command->shard, "Do part i of n ('2/4'); conceptune dataset merge joins them");
  app->add_option("--device", command->device, "Where the model runs: cpu, or cuda where libtorch has it")
      ->capture_default_str();
  app->add_option("--type", command->type, "Numbers of the model's matrix products")
      ->check(one_of<model::DataType>())
      ->capture_default_str();
  app->add_option("--set", command->settings, "Any option of annotation, e.g. wordnet.depth=2")
      ->allow_extra_args(false);
  app->add_flag("--json", command->json, "Print JSON");
  app->callback([command, &terminal] { run_annotate(*command, terminal); });
}

}  // namespace conceptune::cli
