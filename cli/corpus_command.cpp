// conceptune corpus: source → sampled passages.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/setting_flags.h"
#include "conceptune/base/json.h"
#include "conceptune/corpus/corpus.h"

namespace conceptune::cli {
namespace {

constexpr std::string_view kDoing = "sampling corpus";

struct CorpusCommand {
  corpus::CorpusOptions options;
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

void run_corpus(const CorpusCommand& command, const SettingFlags& settings, Terminal& terminal) {
  settings.apply(kDoing);
  const auto lock =
      command.output.claim(ProductKind::corpus, kDoing, corpus::expand_files(command.options.files));
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
  app->add_option("files", command->options.files, "Files of the corpus; names may hold *, ? and [...]")
      ->required();
  command->output.add_to(*app, "Folder to write the passages into", "sample")->required();
  auto settings = std::make_shared<SettingFlags>(*app, experiment::list_fields(command->options));
  settings->add("--format", "format");
  settings->add("--text-key", "text_key");
  settings->add("--passages", "passages");
  settings->add("--held-out", "held_out");
  settings->add("--validation-fraction", "validation_fraction");
  settings->add("--longer-than", "longer_than");
  settings->add("--shorter-than", "shorter_than");
  settings->add("--seed", "seed");
  settings->add("--readers", "readers");
  settings->add_set("keys as under [corpus] in docs/configuration.md");
  app->add_flag("--json", command->json, "Print JSON");
  app->callback([command, settings, &terminal] { run_corpus(*command, *settings, terminal); });
}

}  // namespace conceptune::cli
