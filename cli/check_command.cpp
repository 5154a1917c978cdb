// conceptune check: a config's errors, and what it will cost; nothing is run.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/estimate_table.h"
#include "cli/setting_flags.h"
#include "conceptune/base/json.h"
#include "conceptune/experiment/estimate.h"
#include "conceptune/experiment/explain_key.h"
#include "conceptune/experiment/run.h"

namespace conceptune::cli {
namespace {

struct CheckOptions {
  std::string config;
  std::vector<std::string> settings;
  bool print_config = false;
  bool keys = false;
  bool json = false;
};

void run_check(const CheckOptions& options, const Terminal& terminal) {
  if (options.keys)
    return terminal.print_lines(options.config.empty() ? experiment::document_configuration()
                                                       : experiment::explain_key(options.config));
  if (options.print_config)
    return terminal.print_lines(experiment::load_experiment(options.config, options.settings).toml);
  const auto experiment = experiment::load_sound_experiment(options.config, options.settings);
  const auto estimate = experiment::estimate_experiment(experiment);
  if (options.json) return terminal.print(to_json_text(to_json(estimate)));
  terminal.print_lines(table_of(estimate));
}

}  // namespace

void add_check_command(CLI::App& program, Terminal& terminal) {
  auto* command =
      program.add_subcommand("check", "All errors of a config, and what it will cost; nothing is run");
  auto options = std::make_shared<CheckOptions>();
  auto* config =
      command
          ->add_option("config", options->config,
                       "Configuration of an experiment; with --keys a key, a section or a key's last name")
          ->type_name("CONFIG.toml|KEY");
  add_set_option(*command, options->settings, "A setting on top of the file's, e.g. training.epochs=1");
  command->add_flag("--print", options->print_config, "Print the resolved configuration instead");
  auto* keys = command->add_flag(
      "--keys", options->keys, "Print every key, or those that are named, with default and meaning instead");
  command->add_flag("--json", options->json, "Print JSON");
  command->callback([options, config, keys, &terminal] {
    if (config->count() == 0 && keys->count() == 0) throw CLI::RequiredError("CONFIG.toml");
    run_check(*options, terminal);
  });
}

}  // namespace conceptune::cli
