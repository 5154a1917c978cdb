// conceptune env: versions, CPU features, kernel set, threads, devices.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/commands.h"
#include "conceptune/base/json.h"
#include "conceptune/runtime/model/environment.h"
#include "conceptune/version.h"

namespace conceptune::cli {
namespace {

struct EnvOptions {
  bool json = false;
};

Json environment_facts() {
  const model::Environment environment = model::current_environment();
  return {{"conceptune", CONCEPTUNE_VERSION},
          {"onednn", environment.onednn},
          {"blas", environment.blas},
          {"kernels", environment.kernel_set},
          {"kernels_available", environment.kernel_sets},
          {"bf16_products", environment.bf16_products},
          {"threads", environment.threads},
          {"devices", environment.devices}};
}

std::string text_of(const Json& value) {
  if (value.is_array()) return fmt::format("{}", fmt::join(value.get<std::vector<std::string>>(), ", "));
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  return plain_text(value);
}

void run_env(const EnvOptions& options, const Terminal& terminal) {
  const Json facts = environment_facts();
  if (options.json) return terminal.print(to_json_text(facts));
  for (const auto& [name, value] : facts.items())
    terminal.print(fmt::format("{:<18} {}", name, text_of(value)));
  model::warn_about_slow_blas();
}

}  // namespace

void add_env_command(CLI::App& program, Terminal& terminal) {
  auto* command = program.add_subcommand("env", "Versions, CPU features, kernel set, threads, devices");
  auto options = std::make_shared<EnvOptions>();
  command->add_flag("--json", options->json, "Print JSON");
  command->callback([options, &terminal] { run_env(*options, terminal); });
}

}  // namespace conceptune::cli
