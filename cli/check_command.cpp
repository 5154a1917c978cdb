// conceptune check: a config's errors, and what it will cost; nothing is run.
#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/setting_flags.h"
#include "conceptune/base/json.h"
#include "conceptune/experiment/estimate.h"
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

std::string duration_text(double seconds) {
  if (seconds < 120) return fmt::format("{:.0f} s", seconds);
  if (seconds < 2 * 3600) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

/// "4 to 9 min".
std::string range_text(const experiment::Duration& duration) {
  const std::string low = duration_text(duration.low), high = duration_text(duration.high);
  if (low == high) return high;
  const auto unit = [](const std::string& text) { return text.substr(text.find(' ')); };
  return fmt::format("{} to {}", unit(low) == unit(high) ? low.substr(0, low.find(' ')) : low, high);
}

Json to_json(const experiment::Duration& duration) {
  return {{"low", duration.low}, {"high", duration.high}};
}

Json stage_to_json(const experiment::StageEstimate& stage) {
  return {{"stage", stage.stage},   {"subject", stage.subject}, {"passages", stage.passages},
          {"tokens", stage.tokens}, {"steps", stage.steps},     {"seconds", to_json(stage.seconds)}};
}

void print_estimate(const experiment::ExperimentEstimate& estimate, const Terminal& terminal) {
  terminal.print(fmt::format("{:<10} {:<24} {:>9} {:>11} {:>8} {:>14}", "stage", "for", "passages", "tokens",
                             "steps", "time"));
  for (const auto& stage : estimate.stages)
    terminal.print(fmt::format("{:<10} {:<24} {:>9} {:>11} {:>8} {:>14}", stage.stage, stage.subject,
                               stage.passages, stage.tokens, stage.steps, range_text(stage.seconds)));
  terminal.print(fmt::format(
      "{} in all, {:.1f} GB of memory, {:.0f} MB on disk; {:.0f} tokens a passage, {:.0f} GFLOP/s "
      "measured",
      range_text(estimate.seconds), static_cast<double>(estimate.peak_memory_bytes) / 1e9,
      static_cast<double>(estimate.disk_bytes) / 1e6, estimate.tokens_per_passage, estimate.flop_rate / 1e9));
}

void print_json(const experiment::ExperimentEstimate& estimate, const Terminal& terminal) {
  Json document = {{"seconds", to_json(estimate.seconds)},
                   {"peak_memory_bytes", estimate.peak_memory_bytes},
                   {"disk_bytes", estimate.disk_bytes},
                   {"flop_rate", estimate.flop_rate},
                   {"tokens_per_passage", estimate.tokens_per_passage},
                   {"stages", Json::array()}};
  for (const auto& stage : estimate.stages) document["stages"].push_back(stage_to_json(stage));
  terminal.print(to_json_text(document));
}

void run_check(const CheckOptions& options, const Terminal& terminal) {
  if (options.keys) return terminal.print_lines(experiment::document_configuration());
  if (options.print_config)
    return terminal.print_lines(experiment::load_experiment(options.config, options.settings).toml);
  const auto experiment = experiment::load_sound_experiment(options.config, options.settings);
  const auto estimate = experiment::estimate_experiment(experiment);
  options.json ? print_json(estimate, terminal) : print_estimate(estimate, terminal);
}

}  // namespace

void add_check_command(CLI::App& program, Terminal& terminal) {
  auto* command =
      program.add_subcommand("check", "All errors of a config, and what it will cost; nothing is run");
  auto options = std::make_shared<CheckOptions>();
  auto* config = command->add_option("config", options->config, "Configuration of an experiment")
                     ->type_name("CONFIG.toml");
  add_set_option(*command, options->settings, "A setting on top of the file's, e.g. training.epochs=1");
  command->add_flag("--print", options->print_config, "Print the resolved configuration instead");
  auto* keys =
      command->add_flag("--keys", options->keys, "Print every key with its default and meaning instead");
  command->add_flag("--json", options->json, "Print JSON");
  command->callback([options, config, keys, &terminal] {
    if (config->count() == 0 && keys->count() == 0) throw CLI::RequiredError("CONFIG.toml");
    run_check(*options, terminal);
  });
}

}  // namespace conceptune::cli
