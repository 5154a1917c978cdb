// conceptune report: a run's store → report.html, tables/, figures/.
#include "cli/commands.h"
#include "conceptune/base/json.h"
#include "conceptune/report/report.h"

namespace conceptune::cli {
namespace {

struct ReportOptions {
  std::string run;
  bool json = false;
};

void run_report(const ReportOptions& options, const Terminal& terminal) {
  experiment::RunStore store(options.run, experiment::RunStore::Access::read_only);
  const std::string page = report::write_report(store).string();
  terminal.print(options.json ? to_json_text({{"report", page}}) : page);
}

}  // namespace

void add_report_command(CLI::App& program, Terminal& terminal) {
  auto* command = program.add_subcommand("report", "Run store to report.html, tables/ and figures/");
  auto options = std::make_shared<ReportOptions>();
  command->add_option("run", options->run, "Folder of a run")->required()->type_name("RUN");
  command->add_flag("--json", options->json, "Print JSON");
  command->callback([options, &terminal] { run_report(*options, terminal); });
}

}  // namespace conceptune::cli
