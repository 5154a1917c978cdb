// conceptune eval-sources: concept source + people's substitutes → how far they agree.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/setting_flags.h"
#include "conceptune/base/error.h"
#include "conceptune/base/file.h"
#include "conceptune/base/json.h"
#include "conceptune/concepts/read_options.h"
#include "conceptune/evaluation/source_evaluation.h"
#include "conceptune/runtime/matrices/threads.h"

namespace conceptune::cli {
namespace {

constexpr const char* kDoing = "evaluating a concept source";

struct EvalSourcesCommand {
  concepts::AnnotateOptions options;
  evaluation::BootstrapOptions bootstrap;
  std::filesystem::path benchmark, model, pipeline;
  OutputOption items;
  std::string device = "cpu";
  bool json = false;
};

void write_items(const evaluation::SourceEvaluation& evaluation, const Destination& destination) {
  AtomicFile file(destination.path, destination.existing);
  for (const auto& target : evaluation.targets) file.write(to_json_text(target.to_json()) + "\n");
  file.commit();
}

void print_scores(const evaluation::SubstitutionScores& scores, const Terminal& terminal) {
  terminal.print(fmt::format("{:22}{:22}{:22}{}", "at 10, percent", "F", "precision", "recall"));
  for (std::size_t m = 0; m < scores.measures.size(); ++m) {
    std::string name = evaluation::kSubstitutionMeasures[m];
    std::replace(name.begin(), name.end(), '_', ' ');
    const auto& measure = scores.measures[m];
    terminal.print(fmt::format("{:22}{:22}{:22}{}", name, measure.f.text(), measure.precision.text(),
                               measure.recall.text()));
  }
  terminal.print(fmt::format("{:22}{}", "GAP", scores.gap.text()));
}

Json to_json(const EvalSourcesCommand& command, const evaluation::SubstitutionBenchmark& benchmark,
             const evaluation::SourceEvaluation& evaluation, const evaluation::SubstitutionScores& scores) {
  return {{"benchmark", benchmark.name},
          {"hash", benchmark.hash},
          {"source", name_of(command.options.source)},
          {"targets", evaluation.targets.size()},
          {"left_out", evaluation.left_out},
          {"coverage", evaluation.coverage()},
          {"words", evaluation.words},
          {"seconds", evaluation.seconds},
          {"scores", scores.to_json()}};
}

void run_eval_sources(const EvalSourcesCommand& command, const SettingFlags& settings, Terminal& terminal) {
  settings.apply(kDoing);
  concepts::AnnotateOptions of_source = command.options;
  of_source.wordnet.folder = concepts::WordNetOptions{}.folder;  // which lemmas are made by in any case
  concepts::warn_of_unread_options({&of_source, 1}, kDoing);
  if (!command.items.path.empty())
    check_file_destination(
        command.items.destination(), "proposed substitutes", kDoing,
        [](const std::filesystem::path& path) { return begins_with(path, "{\"id\":"); },
        std::span(&command.benchmark, 1));
  const auto benchmark = evaluation::read_substitution_benchmark(command.benchmark);
  const auto pipeline = command.pipeline.empty() ? std::nullopt : std::optional(command.pipeline);
  const generation::LanguageModel model(command.model, {.device = command.device});
  const auto models = concepts::load_annotation_models(model, pipeline, command.options);
  const auto evaluation =
      evaluation::evaluate_source(benchmark, command.options, models, &terminal, terminal.stop_token());
  if (!command.items.path.empty()) write_items(evaluation, command.items.destination());
  std::vector<evaluation::TargetScores> targets;
  for (const auto& target : evaluation.targets) targets.push_back(target.scores);
  const auto scores = evaluation::pool(targets, command.bootstrap, model::threads());
  if (command.json) return terminal.print(to_json_text(to_json(command, benchmark, evaluation, scores)));
  print_scores(scores, terminal);
  for (const auto& [reason, count] : evaluation.coverage())
    terminal.print(fmt::format("{} of {} targets: {}", count, evaluation.targets.size(), reason));
  for (const auto& [reason, count] : evaluation.left_out)
    terminal.print(fmt::format("{} targets left out: {}", count, reason));
  terminal.print(
      fmt::format("{:.2f} words a second", static_cast<double>(evaluation.words) / evaluation.seconds));
}

}  // namespace

void add_eval_sources_command(CLI::App& program, Terminal& terminal) {
  auto* app = program.add_subcommand("eval-sources", "Measure a concept source against people's substitutes");
  auto command = std::make_shared<EvalSourcesCommand>();
  app->add_option("benchmark", command->benchmark, "Lexical substitutions in the JSON format of SWORDS")
      ->required();
  add_model_option(*app, command->model, "Model file or folder, as for conceptune annotate");
  command->items.add_to(*app, "JSON lines to write: each target with what was proposed [default: none]",
                        "file of them");
  app->add_option("--english-pipeline", command->pipeline, kEnglishPipelineHelp);
  auto settings = std::make_shared<SettingFlags>(*app, experiment::list_fields(command->options));
  add_annotation_flags(*settings);
  add_device_option(*app, command->device);
  settings->add_set("keys as under [annotation] in docs/configuration.md");
  app->add_flag("--json", command->json, "Print JSON");
  app->callback([command, settings, &terminal] { run_eval_sources(*command, *settings, terminal); });
}

}  // namespace conceptune::cli
