// conceptune run: a config → every arm of its experiment, then the report.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cli/commands.h"
#include "cli/estimate_table.h"
#include "cli/setting_flags.h"
#include "cli/stage_table.h"
#include "cli/workers.h"
#include "conceptune/base/error.h"
#include "conceptune/base/json.h"
#include "conceptune/base/memory.h"
#include "conceptune/experiment/arm_adapters.h"
#include "conceptune/experiment/estimate.h"
#include "conceptune/experiment/run.h"
#include "conceptune/experiment/stage_plan.h"
#include "conceptune/report/report.h"
#include "conceptune/runtime/model/environment.h"
#include "conceptune/version.h"

namespace conceptune::cli {
namespace {

struct RunOptions {
  std::string config;
  std::vector<std::string> settings;
  std::vector<std::string> only;
  int workers = 1;
  bool is_worker = false;
  bool plan = false;
  bool json = false;
};

/// Of the words given to --only: a stage, or an arm.
experiment::RunScope scope_of(const std::vector<std::string>& only) {
  experiment::RunScope scope;
  for (const auto& word : only) {
    if (const auto stage = value_named<experiment::RunStage>(word))
      scope.last = *stage;
    else
      scope.arms.push_back(word);
  }
  return scope;
}

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
    terminal.print(fmt::format("adapters  {}", (run / experiment::kArmAdapters).string()));
    return terminal.print(fmt::format("report    {}", page));
  }
  for (const auto& [model, evaluated] : results.evaluations)
    for (const auto& measurement : evaluated.measurements) {
      Json record = {{"model", model}};
      record.update(evaluation::measurement_record(measurement));
      terminal.print(to_json_text(record));
    }
  terminal.print(to_json_text({{"report", page}, {"adapters", (run / experiment::kArmAdapters).string()}}));
}

/// Refuses more workers than this machine has memory for.
void check_memory(const experiment::Experiment& experiment, int workers) {
  const std::int64_t needed = experiment::estimate_experiment(experiment).peak_memory_bytes;
  const std::int64_t available = available_memory();
  if (available == 0 || workers * needed <= available) return;
  const auto gb = [](std::int64_t bytes) { return static_cast<double>(bytes) / 1e9; };
  throw InputError(
      "running the experiment", "--workers",
      fmt::format("{} workers of {:.1f} GB each, by the estimate, do not fit into {:.1f} GB; expected {} "
                  "at most",
                  workers, gb(needed), gb(available), std::max<std::int64_t>(1, available / needed)));
}

void throw_failures(const std::map<std::string, std::string>& failures) {
  if (failures.empty()) return;
  std::string text;
  for (const auto& [subject, problem] : failures)
    text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", subject, problem);
  throw Error(fmt::format("{} of the experiment failed, the rest is done: {}", failures.size(), text));
}

void print_plan(const RunOptions& options, const Terminal& terminal) {
  const auto experiment = experiment::load_sound_experiment(options.config, options.settings);
  const auto stages = experiment::plan_stages(experiment, experiment.shared.output);
  const auto estimate = experiment::estimate_experiment(experiment);
  if (options.json)
    return terminal.print(to_json_text({{"stages", to_json(stages)}, {"estimate", to_json(estimate)}}));
  terminal.print_lines(table_of(stages) + "\n\nFrom the beginning it costs:\n" + table_of(estimate));
}

void run_run(const RunOptions& options, Terminal& terminal) {
  if (options.plan) return print_plan(options, terminal);
  const auto experiment = experiment::load_experiment(options.config, options.settings);
  model::tell_of_bf16_products(experiment.shared.model.decoder.type);
  const auto scope = scope_of(options.only);
  if (options.workers > 1) {
    experiment::begin_run(experiment, environment_facts(), terminal.stop_token());
    check_memory(experiment, options.workers);
    run_workers(options.workers, experiment.shared.output / "logs", terminal.stop_token());
  }
  const auto outcome =
      experiment::run_experiment(experiment, environment_facts(), &terminal, terminal.stop_token(), scope);
  if (outcome.has_results && !options.is_worker) {
    experiment::RunStore store(experiment.shared.output, experiment::RunStore::Access::read_only);
    const std::string page = report::write_report(store).string();
    print_outcome(options, store.results(), page, experiment.shared.output, terminal);
  }
  throw_failures(outcome.failures);
}

}  // namespace

void add_run_command(CLI::App& program, Terminal& terminal) {
  auto* command = program.add_subcommand("run", "Every arm of an experiment, resumable, then the report");
  auto options = std::make_shared<RunOptions>();
  command->add_option("config", options->config, "Configuration of the experiment")
      ->required()
      ->type_name("CONFIG.toml");
  add_set_option(*command, options->settings, "A setting on top of the file's, e.g. training.epochs=1");
  command
      ->add_option("--only", options->only,
                   "Make no more than these arms, or than up to a stage: " + names_of<experiment::RunStage>())
      ->type_name("ARM|STAGE");
  command
      ->add_option("--workers", options->workers,
                   "Processes that share the work; more may be started on other machines on the same folder")
      ->check(in_range(at_least(1)))
      ->capture_default_str()
      ->type_name("N");
  command->add_flag("--plan", options->plan, "Print what would be made, and what it costs, instead");
  command->add_flag("--worker", options->is_worker, "Share the work, and leave the report to others");
  command->add_flag("--json", options->json, "Print the measurements as JSON lines");
  command->callback([options, &terminal] { run_run(*options, terminal); });
}

}  // namespace conceptune::cli
