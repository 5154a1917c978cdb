// conceptune report: a run's store → report.html, tables/, figures/.
#include <chrono>
#include <thread>

#include "cli/commands.h"
#include "conceptune/base/error.h"
#include "conceptune/base/json.h"
#include "conceptune/base/messages.h"
#include "conceptune/experiment/finished_results.h"
#include "conceptune/experiment/run.h"
#include "conceptune/report/report.h"

namespace conceptune::cli {
namespace {

struct ReportOptions {
  std::string run;
  bool watch = false;
  bool json = false;
};

/// Writes the page anew whenever an evaluation was finished since, until all are or a stop is asked for.
std::filesystem::path watch_run(const ReportOptions& options, const std::stop_token& stop) {
  const std::filesystem::path run = options.run;
  const auto experiment = experiment::load_experiment(run / experiment::kConfigOfRun);
  auto copy = experiment::RunStore::working_copy(run);
  std::filesystem::path page;
  for (std::size_t written = 0; !stop.stop_requested();) {
    const auto [finished, all] = experiment::collect_finished(experiment, copy, written);
    if (finished > written) {
      page = report::write_report(copy);
      inform(fmt::format("{} of {} evaluations are in the report", finished, all));
    }
    written = finished;
    if (finished == all) return page;
    for (int i = 0; i < 20 && !stop.stop_requested(); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  throw Interrupted("the report is no longer kept up to date");
}

void run_report(const ReportOptions& options, const Terminal& terminal) {
  std::string page;
  if (options.watch) {
    page = watch_run(options, terminal.stop_token()).string();
  } else {
    experiment::RunStore store(options.run, experiment::RunStore::Access::read_only);
    page = report::write_report(store).string();
  }
  terminal.print(options.json ? to_json_text({{"report", page}}) : page);
}

}  // namespace

void add_report_command(CLI::App& program, Terminal& terminal) {
  auto* command = program.add_subcommand("report", "Run store to report.html, tables/ and figures/");
  auto options = std::make_shared<ReportOptions>();
  command->add_option("run", options->run, "Folder of a run")->required()->type_name("RUN");
  command->add_flag("--watch", options->watch,
                    "Write it anew as evaluations of a run that is under way are finished, until all are");
  command->add_flag("--json", options->json, "Print JSON");
  command->callback([options, &terminal] { run_report(*options, terminal); });
}

}  // namespace conceptune::cli
