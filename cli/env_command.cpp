// conceptune env: versions, CPU, threads.
#include <thread>

#include <fmt/format.h>

#include "cli/commands.h"
#include "conceptune/base/json.h"

namespace conceptune::cli {
namespace {

struct EnvOptions {
  bool json = false;
};

void run_env(const EnvOptions& options, const Terminal& terminal) {
  const Json facts = {{"conceptune", CONCEPTUNE_VERSION}, {"cores", std::thread::hardware_concurrency()}};
  if (options.json) return terminal.print(to_json_text(facts));
  for (const auto& [name, value] : facts.items())
    terminal.print(
        fmt::format("{:<12} {}", name, value.is_string() ? value.get<std::string>() : value.dump()));
}

}  // namespace

void add_env_command(CLI::App& program, Terminal& terminal) {
  auto* command = program.add_subcommand("env", "Versions, CPU features, kernel set, threads, devices");
  auto options = std::make_shared<EnvOptions>();
  command->add_flag("--json", options->json, "Print JSON");
  command->callback([options, &terminal] { run_env(*options, terminal); });
}

}  // namespace conceptune::cli
