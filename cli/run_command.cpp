// conceptune run: a config → every arm of its experiment, then the report.
#include <fmt/format.h>

#include <map>

#include "cli/commands.h"
#include "cli/setting_flags.h"
#include "conceptune/base/json.h"
#include "conceptune/experiment/adapter_links.h"
#include "conceptune/experiment/run.h"
#include "conceptune/report/report.h"
#include "conceptune/runtime/model/environment.h"
#include "conceptune/version.h"

namespace conceptune::cli {
namespace {

struct RunOptions {
  std::string config;
  std::vector<std::string> settings;
  bool json = false;
};

std::map<std::string, std::string> environment_facts() {
  const auto environment = model::current_environment();
  return {{"conceptune", CONCEPTUNE_VERSION},
          {"oneDNN", environment.onednn},
          {"BLAS", environment.blas},
          {"kernels", environment.kernel_set},
          {"threads", std::to_string(environment.threads)}};
}

void print_outcome(const RunOptions& options, const experiment::Results& results, const std::string& page,
                   const std::filesystem::path& run, const Terminal& terminal) {
  if (!options.json) {
    terminal.print_lines(report::summary_text(results));
    terminal.print(fmt::format("tables    {}", (run / "tables").string()));
    terminal.print(fmt::format("adapters  {}", (run / experiment::kAdapterLinks).string()));
    return terminal.print(fmt::format("report    {}", page));
  }
  for (const auto& [model, evaluated] : results.evaluations)
    for (const auto& measurement : evaluated.measurements) {
      Json record = {{"model", model}};
      record.update(evaluation::measurement_record(measurement));
      terminal.print(to_json_text(record));
    }
  terminal.print(to_json_text({{"report", page}, {"adapters", (run / experiment::kAdapterLinks).string()}}));
}

void run_run(const RunOptions& options, Terminal& terminal) {
  const auto experiment = experiment::load_experiment(options.config, options.settings);
  model::tell_of_bf16_products(experiment.shared.model.decoder.type);
  experiment::run_experiment(experiment, environment_facts(), &terminal, terminal.stop_token());
  experiment::RunStore store(experiment.shared.output, experiment::RunStore::Access::read_only);
  const std::string page = report::write_report(store).string();
  print_outcome(options, store.results(), page, experiment.shared.output, terminal);
}

}  // namespace

void add_run_command(CLI::App& program, Terminal& terminal) {
  auto* command = program.add_subcommand("run", "Every arm of an experiment, resumable, then the report");
  auto options = std::make_shared<RunOptions>();
  command->add_option("config", options->config, "Configuration of the experiment")
      ->required()
      ->type_name("CONFIG.toml");
  add_set_option(*command, options->settings, "A setting on top of the file's, e.g. training.epochs=1");
  command->add_flag("--json", options->json, "Print the measurements as JSON lines");
  command->callback([options, &terminal] { run_run(*options, terminal); });
}

}  // namespace conceptune::cli
