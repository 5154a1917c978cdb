// conceptune status: how far a run is, whoever is at work on it.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/stage_table.h"
#include "conceptune/base/error.h"
#include "conceptune/experiment/run.h"

namespace conceptune::cli {
namespace {

struct StatusOptions {
  std::string run;
  bool json = false;
};

void run_status(const StatusOptions& options, const Terminal& terminal) {
  const auto config = std::filesystem::path(options.run) / experiment::kConfigOfRun;
  if (!std::filesystem::exists(config))
    throw InputError(
        "looking at the run", options.run,
        fmt::format("has no {}, expected the folder of an experiment's run", experiment::kConfigOfRun));
  const auto stages = experiment::plan_stages(experiment::load_experiment(config), options.run);
  if (options.json) return terminal.print(to_json_text(to_json(stages)));
  terminal.print_lines(table_of(stages));
}

}  // namespace

void add_status_command(CLI::App& program, Terminal& terminal) {
  auto* command = program.add_subcommand("status", "Which stages of a run are done, being made, or waiting");
  auto options = std::make_shared<StatusOptions>();
  command->add_option("run", options->run, "Folder of the run")->required()->type_name("RUN");
  command->add_flag("--json", options->json, "Print JSON");
  command->callback([options, &terminal] { run_status(*options, terminal); });
}

}  // namespace conceptune::cli
