// conceptune run: a config → every arm of its experiment, then the report.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>

#include "cli/commands.h"
#include "cli/estimate_table.h"
#include "cli/plan_view.h"
#include "cli/setting_flags.h"
#include "cli/slurm_submission.h"
#include "cli/stage_table.h"
#include "cli/workers.h"
#include "conceptune/base/error.h"
#include "conceptune/base/json.h"
#include "conceptune/base/memory.h"
#include "conceptune/base/messages.h"
#include "conceptune/base/quantity.h"
#include "conceptune/experiment/arm_adapters.h"
#include "conceptune/experiment/estimate.h"
#include "conceptune/experiment/run.h"
#include "conceptune/experiment/stage_plan.h"
#include "conceptune/report/report.h"
#include "conceptune/runtime/matrices/threads.h"
#include "conceptune/runtime/model/environment.h"
#include "conceptune/version.h"

namespace conceptune::cli {
namespace {

struct RunOptions {
  std::string config;
  std::vector<std::string> settings;
  std::vector<std::string> only;
  std::optional<int> workers;
  std::optional<std::string> slurm;
  bool submit = false;
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
  throw InputError(
      "running the experiment", "--workers",
      fmt::format("{} workers of {} each, by the estimate, do not fit into {}; expected {} at most", workers,
                  bytes_text(needed), bytes_text(available), std::max<std::int64_t>(1, available / needed)));
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

/// What the options and the configuration ask of Slurm, the options' word coming last.
SlurmSettings slurm_settings(const RunOptions& options, const experiment::Experiment& experiment) {
  SlurmSettings settings{parse_slurm_options(*options.slurm), options.workers.value_or(0)};
  const int configured = experiment.shared.threads;
  settings.threads = settings.measured_threads = configured > 0 ? configured : model::available_cores();
  constexpr std::string_view kCores = "cpus-per-task=";
  for (const auto& option : settings.options)
    if (option.starts_with(kCores)) settings.threads = std::max(1, std::atoi(option.c_str() + kCores.size()));
  return settings;
}

void check_together(const RunOptions& options) {
  constexpr std::string_view kDoing = "running the experiment";
  if (options.submit && !options.slurm)
    throw InputError(kDoing, "--submit", "is given without --slurm, expected both");
  if (options.slurm && (options.is_worker || !options.only.empty()))
    throw InputError(kDoing, "--slurm", "is given with --only or --worker, expected the whole experiment");
}

/// Leaves the experiment to Slurm: scripts in the run's folder, submitted on request.
void hand_to_slurm(const RunOptions& options, const Terminal& terminal) {
  const auto experiment = experiment::load_experiment(options.config, options.settings);
  const SlurmSettings settings = slurm_settings(options, experiment);
  experiment::begin_run(experiment, environment_facts(), terminal.stop_token());
  const auto jobs = plan_slurm_jobs(experiment::plan_stages(experiment, experiment.shared.output),
                                    experiment::estimate_experiment(experiment), settings);
  const auto folder = write_slurm_scripts(experiment, jobs, settings);
  SubmittedJobs submitted;
  if (options.submit) submitted = submit_slurm_jobs(folder, jobs, settings);
  if (options.json) {
    Json document = {{"scripts", folder.string()}, {"jobs", to_json(jobs)}, {"submitted", Json::object()}};
    for (const auto& [name, number] : submitted) document["submitted"][name] = number;
    return terminal.print(to_json_text(document));
  }
  terminal.print_lines(table_of(jobs));
  for (const auto& [name, number] : submitted)
    terminal.print(fmt::format("submitted  {} as {}", name, number));
  terminal.print(
      fmt::format("{}  {}", options.submit ? "scripts  " : "submit by", (folder / "submit.sh").string()));
}

/// Tells of each stage that was finished, where no view can be redrawn.
class PlanLines {
 public:
  explicit PlanLines(std::vector<experiment::PlannedStage> stages) : stages_(std::move(stages)) {}

  void look() {
    if (Clock::now() - looked_ >= std::chrono::seconds(1)) tell();
  }

  void tell() {
    looked_ = Clock::now();
    const auto before = stages_;
    experiment::update_states(stages_);
    for (std::size_t i = 0; i < stages_.size(); ++i)
      if (stages_[i].state == experiment::StageState::done && before[i].state != stages_[i].state)
        inform(fmt::format("done: {} {}", stages_[i].stage, stages_[i].subject));
  }

 private:
  using Clock = std::chrono::steady_clock;
  std::vector<experiment::PlannedStage> stages_;
  Clock::time_point looked_;
};

/// The workers, then what they left, with the plan shown on a terminal.
experiment::RunOutcome run_with_view(const RunOptions& options, const experiment::Experiment& experiment,
                                     Terminal& terminal) {
  const auto scope = scope_of(options.only);
  const auto stop = terminal.stop_token();
  const int workers = options.workers.value_or(1);
  std::optional<PlanView> view;
  if (workers == 1 && !can_show_plan()) {
    experiment::begin_run(experiment, environment_facts(), stop);
  } else {
    auto stages = experiment::begin_and_plan(experiment, environment_facts(), stop);
    if (workers > 1) check_memory(experiment, workers);
    PlanLines lines(stages);
    if (can_show_plan()) view.emplace(std::move(stages));
    if (workers > 1)
      run_workers(workers, experiment.shared.output / "logs", stop,
                  [&] { view ? view->look() : lines.look(); });
    if (!view) lines.tell();
  }
  ProgressObserver* observer = &terminal;
  if (view) observer = &*view;
  return experiment::carry_out(experiment, observer, stop, scope);
}

void run_run(const RunOptions& options, Terminal& terminal) {
  check_together(options);
  if (options.plan) return print_plan(options, terminal);
  if (options.slurm) return hand_to_slurm(options, terminal);
  const auto experiment = experiment::load_experiment(options.config, options.settings);
  model::tell_of_bf16_products(experiment.shared.model.decoder.type);
  const auto outcome = run_with_view(options, experiment, terminal);
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
      ->add_option(
          "--workers", options->workers,
          "Processes that share the work; more may be started on other machines on the same folder; with "
          "--slurm, tasks at once [default: 1; with --slurm as many as there are]")
      ->check(in_range(at_least(1)))
      ->type_name("N");
  command
      ->add_option("--slurm", options->slurm,
                   "Write job scripts for Slurm into the run's folder; OPTIONS are sbatch's, 'partition=cpu "
                   "account=me', or '' [default: run here]")
      ->type_name("OPTIONS");
  command->add_flag("--submit", options->submit,
                    "With --slurm, submit these jobs, each to follow the one before");
  command->add_flag("--plan", options->plan, "Print what would be made, and what it costs, instead");
  command->add_flag("--worker", options->is_worker, "Share the work, and leave the report to others");
  command->add_flag("--json", options->json, "Print the measurements as JSON lines");
  command->callback([options, &terminal] { run_run(*options, terminal); });
}

}  // namespace conceptune::cli
