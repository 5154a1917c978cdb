// conceptune corpus: source → sampled passages.
#include <fmt/format.h>

#include "cli/commands.h"
#include "conceptune/base/json.h"
#include "conceptune/corpus/corpus.h"

namespace conceptune::cli {
namespace {

struct CorpusCommand {
  corpus::CorpusOptions options;
  std::string format = "auto";
  OutputOption output;
  bool json = false;
};

Json summary_of(const corpus::CorpusSample& sample) {
  const auto& counts = sample.counts;
  return {{"read", counts.read},
          {"too short", counts.too_short},
          {"too long", counts.too_long},
          {"duplicates", counts.duplicates},
          {"train", sample.train.size()},
          {"validation", sample.validation.size()},
          {"held out", sample.held_out.size()}};
}

void run_corpus(CorpusCommand& command, Terminal& terminal) {
  command.options.format = *value_named<corpus::DocumentFormat>(command.format);
  check_folder_destination(command.output.destination(), ProductKind::corpus, "sampling corpus",
                           corpus::expand_files(command.options.files));
  const auto sample = corpus::sample_corpus(command.options, &terminal, terminal.stop_token());
  corpus::write_sample(command.output.destination(), sample, command.options);
  const Json summary = summary_of(sample);
  if (command.json) return terminal.print(to_json_text(summary));
  for (const auto& [name, count] : summary.items())
    terminal.print(fmt::format("{:<12} {}", name, count.get<std::int64_t>()));
}

}  // namespace

void add_corpus_command(CLI::App& program, Terminal& terminal) {
  auto* app = program.add_subcommand("corpus", "Sample passages from a corpus");
  auto command = std::make_shared<CorpusCommand>();
  auto& options = command->options;
  app->add_option("files", options.files, "Files of the corpus; names may hold *, ? and [...]")->required();
  command->output.add_to(*app, "Folder to write the passages into", "sample")->required();
  app->add_option("--format", command->format,
                  "How documents lie in a file; auto goes by its name, else by its first line")
      ->check(one_of<corpus::DocumentFormat>())
      ->capture_default_str();
  app->add_option("--text-key", options.text_key,
                  "Key of the text in JSON lines, column of the text in tables")
      ->capture_default_str();
  app->add_option("--passages", options.passages, "Passages to sample")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app->add_option("--held-out", options.held_out, "Further passages to hold out for evaluation")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app->add_option("--validation-fraction", options.validation_fraction, "Share of the passages set apart")
      ->check(CLI::Range(0.0, 0.9))
      ->capture_default_str();
  app->add_option("--longer-than", options.longer_than, "Characters a document must exceed")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app->add_option("--shorter-than", options.shorter_than, "Characters a document must stay below")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app->add_option("--seed", options.seed, "Seed of the sample")->capture_default_str();
  app->add_option("--readers", options.readers, "Files read at the same time")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  app->add_flag("--json", command->json, "Print JSON");
  app->callback([command, &terminal] { run_corpus(*command, terminal); });
}

}  // namespace conceptune::cli
